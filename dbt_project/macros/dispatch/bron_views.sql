{# Schema `bron`: a view per table that the registration step wrote, over the Parquet that counts.

Which files count is in leveringen_<bron>.parquet (deliveries received up to the stand of the run); a table of which
nothing was delivered is empty, with the columns of its contract. View `run` holds the stand of the run, view `indeling` in the
areas of which year a month was published, view `straten` the streets of each year as they were published, view
`openbaar` of which regelingen a month is public and which counted together then. #}
{% macro bron_views() %}
    {{ return(adapter.dispatch('bron_views', 'meerdoen')()) }}
{% endmacro %}

{% macro default__bron_views() %}
    {% set kluis = env_var('MEERDOEN_BRON', '') %}
    {% if execute and kluis and flags.WHICH in ('run', 'build', 'test') %}
        {% do run_query("create schema if not exists bron") %}
        {% do run_query("create or replace view bron.run as select cast(" ~ als_tekst(env_var('MEERDOEN_STAND')) ~ " as date) as stand") %}
        {% do run_query("create or replace view bron.leveringen as select * from read_parquet(" ~ als_tekst(kluis ~ '/bron/leveringen_*.parquet') ~ ")") %}
        {% do run_query("create or replace view bron.indeling as select * from read_parquet(" ~ als_tekst(kluis ~ '/bron/indeling.parquet') ~ ")") %}
        {% do run_query("create or replace view bron.straten as select * from read_parquet(" ~ als_tekst(kluis ~ '/bron/straten.parquet') ~ ")") %}
        {% do run_query("create or replace view bron.openbaar as select * from read_parquet(" ~ als_tekst(kluis ~ '/bron/openbaar.parquet') ~ ")") %}
        {% set tables = run_query("select file from glob(" ~ als_tekst(kluis ~ '/bron/*/contract.parquet') ~ ") order by file") %}
        {% for (contract,) in tables.rows %}
            {% set table = contract.split('/')[-2] %}
            {% set delivered = run_query("select distinct bestand from bron.leveringen where tabel = " ~ als_tekst(table) ~ " and toestand = 'aanvaard' order by bestand") %}
            {% set files = [als_tekst(contract)] %}
            {% for (file,) in delivered.rows %}
                {% do files.append(als_tekst(kluis ~ '/' ~ file)) %}
            {% endfor %}
            {% do run_query("create or replace view bron." ~ adapter.quote(table) ~ " as select * from read_parquet([" ~ files | join(", ") ~ "], union_by_name = true)") %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{# A value as an SQL string: the one way to put a text from outside the project into SQL. #}
{% macro als_tekst(value) %}
    {{- return("'" ~ (value | string).replace("'", "''") ~ "'") -}}
{% endmacro %}
