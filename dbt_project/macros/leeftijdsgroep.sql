{# Whether an age in years is outside the ages that a law is for (columns leeftijd_van and leeftijd_tot of regelingen); not
when it is not known. #}
{% macro buiten_de_wet(leeftijd) -%}
    coalesce({{ leeftijd }} < leeftijd_van or {{ leeftijd }} > leeftijd_tot, false)
{%- endmacro %}

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
