{# No two rows with the same values in `kolommen`. #}
{% test sleutel_uniek(model, kolommen) %}
select
    {{ kolommen | join(', ') }},
    count(*) as rijen
from {{ model }}
group by {{ kolommen | join(', ') }}
having count(*) > 1
{% endtest %}
