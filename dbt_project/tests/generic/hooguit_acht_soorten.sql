{# A regeling has at most eight kinds of help, also where a gemeente adds its own. #}
{% test hooguit_acht_soorten(model) %}
select regeling
from {{ model }}
group by regeling
having count(distinct soort) > 8
{% endtest %}
