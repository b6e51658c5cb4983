{# The CBS age group of an age in years; `onbekend` where the age is not known. #}
{% macro leeftijdsgroep(leeftijd) %}
    case
        when {{ leeftijd }} is null then 'onbekend'
        when {{ leeftijd }} < 15 then '0-14'
        when {{ leeftijd }} < 25 then '15-24'
        when {{ leeftijd }} < 45 then '25-44'
        when {{ leeftijd }} < 65 then '45-64'
        else '65+'
    end
{% endmacro %}
