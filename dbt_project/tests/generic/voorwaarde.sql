{# The rows for which an SQL condition does not hold; null counts as not holding. #}
{% test voorwaarde(model, sql) %}
select *
from {{ model }}
where not coalesce({{ sql }}, false)
{% endtest %}
