-- One row per gemeente, month-end and regeling that counts together there.
-- Which regelingen count together in the union tables of a gemeente and month, and whether that month is covered.
-- A month that is public keeps the set that it was published with. Any other month has what the gemeente chose (seed
-- unieset), else what it delivered that covers this month or an earlier one. So a newcomer empties no earlier month,
-- and a regeling that stops coming is missed.
with

regelingen as (
    select * from {{ ref('regelingen') }}
    where koppelbaar = 'ja' and telwijze = 'periode'
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

openbaar as (
    select * from {{ source('bron', 'openbaar') }}
),

kiezers as (
    select distinct gemeentecode from gekozen
),

gepubliceerd as (
    select
        gemeentecode,
        peildatum,
        regeling
    from openbaar
    where in_totaal
),

gepubliceerde_maanden as (
    select distinct
        gemeentecode,
        peildatum
    from gepubliceerd
),

maanden_van_regelingen as (
    select
        gemeentecode,
        regeling,
        peildatum
    from dekking
    union all
    -- The deliveries of that month may be gone since (meerdoen bewaar).
    select
        gemeentecode,
        regeling,
        peildatum
    from openbaar
),

begonnen as (
    select
        gemeentecode,
        regeling,
        min(peildatum) as eerste_maand
    from maanden_van_regelingen
    group by gemeentecode, regeling
),

nog_niet_gepubliceerd as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        regelingen.regeling
    from peilmaanden
    cross join regelingen
    left join gepubliceerde_maanden
        on
            peilmaanden.gemeentecode = gepubliceerde_maanden.gemeentecode
            and peilmaanden.peildatum = gepubliceerde_maanden.peildatum
    left join kiezers on peilmaanden.gemeentecode = kiezers.gemeentecode
    left join gekozen
        on peilmaanden.gemeentecode = gekozen.gemeentecode and regelingen.regeling = gekozen.regeling
    left join begonnen
        on
            peilmaanden.gemeentecode = begonnen.gemeentecode
            and regelingen.regeling = begonnen.regeling
            and peilmaanden.peildatum >= begonnen.eerste_maand
    where
        gepubliceerde_maanden.gemeentecode is null
        and (regelingen.geldig_van is null or regelingen.geldig_van <= peilmaanden.peildatum)
        and (regelingen.geldig_tot is null or regelingen.geldig_tot >= peilmaanden.peildatum)
        and (
            (kiezers.gemeentecode is not null and gekozen.regeling is not null)
            or (kiezers.gemeentecode is null and begonnen.regeling is not null)
        )
),

samen as (
    select
        gemeentecode,
        peildatum,
        regeling
    from nog_niet_gepubliceerd
    union all
    select
        gepubliceerd.gemeentecode,
        gepubliceerd.peildatum,
        gepubliceerd.regeling
    from gepubliceerd
    inner join peilmaanden
        on gepubliceerd.gemeentecode = peilmaanden.gemeentecode and gepubliceerd.peildatum = peilmaanden.peildatum
),

final as (
    select
        samen.gemeentecode,
        samen.peildatum,
        samen.regeling,
        dekking.peildatum is not null as gedekt,
        dekking.semantiek
    from samen
    left join dekking
        on
            samen.gemeentecode = dekking.gemeentecode
            and samen.peildatum = dekking.peildatum
            and samen.regeling = dekking.regeling
)

select * from final
