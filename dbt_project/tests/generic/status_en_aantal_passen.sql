{# Only what was delivered has a count, and never under 0. #}
{% test status_en_aantal_passen(model) %}
select *
from {{ model }}
where
    not coalesce(
        status in ('geleverd', 'niet_geleverd', 'nvt') and (aantal is null or (status = 'geleverd' and aantal >= 0)),
        false
    )
{% endtest %}
