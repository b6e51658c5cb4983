{# No provision ends before it begins. #}
{% test einde_niet_voor_begin(model) %}
select *
from {{ model }}
where
    not coalesce(
        einddatum is null or einddatum >= begindatum,
        false
    )
{% endtest %}
