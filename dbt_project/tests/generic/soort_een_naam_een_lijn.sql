{# Whatever its code and route, a kind of help has one name, and on any day one line: 1, 2 or none. #}
{% test soort_een_naam_een_lijn(model) %}
select een.*
from {{ model }} as een
inner join {{ model }} as ander on een.regeling = ander.regeling and een.soort = ander.soort
where
    coalesce(een.lijn, 1) not in (1, 2)
    or een.naam <> ander.naam
    or (
        coalesce(een.lijn, 0) <> coalesce(ander.lijn, 0)
        and {{ geldig_samen('een', 'ander') }}
    )
{% endtest %}
