{# Levels of areas, for a count of all of them at once. #}

{# The table `niveaus`: what a row of a gemeente, wijk and buurt is counted in. #}
{% macro niveaus() -%}
(values ('gemeente'), ('wijk'), ('buurt')) as niveaus (gebiedsniveau)
{%- endmacro %}

{# The area of a row at the level of `niveaus`: of its columns gemeentecode, wijkcode and buurtcode. #}
{% macro gebied_op_niveau(rij) -%}
case niveaus.gebiedsniveau
            when 'gemeente' then {{ rij }}.gemeentecode when 'wijk' then {{ rij }}.wijkcode else {{ rij }}.buurtcode
        end
{%- endmacro %}
