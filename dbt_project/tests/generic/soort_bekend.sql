{# Every provision of a regeling with kinds of help (seed soorten) has one. #}
{% test soort_bekend(model) %}
select voorzieningen.*
from {{ model }} as voorzieningen
where
    voorzieningen.soort is null
    and voorzieningen.regeling in (select soorten.regeling from {{ ref('soorten') }} as soorten)
{% endtest %}
