{# A figure of the source is there exactly when it was delivered. #}
{% test zoals_geleverd(model) %}
select *
from {{ model }}
where
    not coalesce(
        (status = 'geleverd') = (aantal is not null),
        false
    )
{% endtest %}
