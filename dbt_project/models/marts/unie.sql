-- Which regelingen count together in the union tables of a gemeente and month, and whether that month is covered.
-- All that are linked and in force, or the choice of the gemeente among them (seeds/unieset.csv).
with

regelingen as (
    select * from {{ ref('regelingen') }}
    where
        regeling in (
            {% for regeling in var('gekoppelde_regelingen') %}
                '{{ regeling }}'{% if not loop.last %},{% endif %}
            {% endfor %}
        )
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

dekking as (
    select * from {{ ref('dekking') }}
),

gekozen as (
    select * from {{ ref('unieset') }}
),

kiezers as (
    select distinct gemeentecode from gekozen
),

final as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        regelingen.regeling,
        dekking.peildatum is not null as gedekt,
        dekking.semantiek
    from peilmaanden
    cross join regelingen
    left join kiezers on peilmaanden.gemeentecode = kiezers.gemeentecode
    left join gekozen
        on peilmaanden.gemeentecode = gekozen.gemeentecode and regelingen.regeling = gekozen.regeling
    left join dekking
        on
            peilmaanden.gemeentecode = dekking.gemeentecode
            and peilmaanden.peildatum = dekking.peildatum
            and regelingen.regeling = dekking.regeling
    where
        (regelingen.geldig_van is null or regelingen.geldig_van <= peilmaanden.peildatum)
        and (regelingen.geldig_tot is null or regelingen.geldig_tot >= peilmaanden.peildatum)
        and (kiezers.gemeentecode is null or gekozen.regeling is not null)
)

select * from final
