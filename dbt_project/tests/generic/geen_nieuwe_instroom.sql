{# Persons who entered a regeling after the day on which it closed to new entrants (instroom_tot in regelingen.csv). #}
{% test geen_nieuwe_instroom(model) %}
select
    voorzieningen.gemeentecode,
    voorzieningen.persoon
from {{ model }} as voorzieningen
inner join {{ ref('regelingen') }} as regelingen on voorzieningen.regeling = regelingen.regeling
group by voorzieningen.gemeentecode, voorzieningen.persoon
having min(voorzieningen.begindatum) > max(regelingen.instroom_tot)
{% endtest %}
