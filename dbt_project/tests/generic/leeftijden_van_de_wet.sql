{# Nobody counts at an age that the law is not for. #}
{% test leeftijden_van_de_wet(model) %}
select *
from {{ model }}
where
    not coalesce(
        indicator <> 'signaal_leeftijd' or status <> 'geleverd' or aantal = 0,
        false
    )
{% endtest %}
