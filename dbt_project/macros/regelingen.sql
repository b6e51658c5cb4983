{# The names of the regelingen that are in a model over regelingen (dbt_project.yml). #}
{% macro regelingen_in(model) %}
    {% set found = [] %}
    {% for regeling, models in var('regelingen').items() %}
        {% if model in models %}{% do found.append(regeling) %}{% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}

{# A query: the households of each regeling that can count together, per gemeente, wijk and buurt and month-end. #}
{% macro huishoudens_per_regeling() %}
    {% for regeling in regelingen_in('unie') %}
        select
            '{{ regeling }}' as regeling,
            gemeentecode,
            gebiedscode,
            peildatum,
            aantal
        from {{ ref('wijkcijfers_' ~ regeling) }}
        where status = 'geleverd' and indicator = 'huishoudens'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
{% endmacro %}
