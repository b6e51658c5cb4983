{# Ages: of a law, and the groups of CBS. Each gives an expression, or a table of values to join. #}

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

{# All age groups, the total and `onbekend` among them, with the ages in years that they hold: the table leeftijdsgroepen. #}
{% macro leeftijdsgroepen() %}
(
    values
    ('totaal', null, null), ('0-14', 0, 14), ('15-24', 15, 24), ('25-44', 25, 44), ('45-64', 45, 64), ('65+', 65, null),
    ('onbekend', null, null)
) as leeftijdsgroepen (leeftijdsgroep, van, tot)
{%- endmacro %}
