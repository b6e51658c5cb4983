{# What a gemeente says of a line is of a kind that the regeling has, is 1, 2 or none, and on any day said once. #}
{% test lijn_klopt(model) %}
select een.*
from {{ model }} as een
where
    coalesce(een.lijn, 1) not in (1, 2)
    or not exists (
        select 1
        from {{ ref('soorten') }} as soorten
        where soorten.regeling = een.regeling and soorten.soort = een.soort
    )
    or 1 < (
        select count(*)
        from {{ model }} as ander
        where
            een.gemeentecode = ander.gemeentecode
            and een.regeling = ander.regeling
            and een.soort = ander.soort
            and {{ geldig_samen('een', 'ander') }}
    )
{% endtest %}
