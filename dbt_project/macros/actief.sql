{# Who used a regeling in a month (telwijze periode or gebeurtenis): a whole model, one row per provision, person and
month, placed as on the peildatum; also of who does not count there (`telt`), for the signals and the use of a year.

`opgegeven`: the model of where the deliveries place who never occurs in the BRP. #}
{% macro actief(regeling, opgegeven=none) %}
-- One row per provision, person and month-end in whose month it had a day, placed as on that month-end.
with

voorzieningen as (
    select * from {{ ref('voorziening_' ~ regeling) }}
),

regelingen as (
    select * from {{ ref('regelingen') }} where regeling = '{{ regeling }}'
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gedekt as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

soorten as (
    select * from {{ ref('soort') }} where regeling = '{{ regeling }}'
),

-- Provisions with at least one day in the month; `actief` at the end of its last day.
in_maand as (
    select
        voorzieningen.gemeentecode,
        voorzieningen.persoon,
        voorzieningen.voorziening_id,
        voorzieningen.soort,
        soorten.lijn,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        greatest(coalesce(voorzieningen.telt_in, voorzieningen.begindatum), peilmaanden.maand_begin) as eerste_dag,
        regelingen.telt_na_vertrek,
        regelingen.leeftijd_van,
        regelingen.leeftijd_tot,
        voorzieningen.einddatum is null or voorzieningen.einddatum > peilmaanden.peildatum as actief,
        -- Events have no end: what counts is that they happened in the month.
        regelingen.telwijze = 'gebeurtenis'
        or voorzieningen.einddatum is null
        or voorzieningen.einddatum > peilmaanden.peildatum as telt_mee
    from voorzieningen
    cross join regelingen
    inner join peilmaanden
        on
            voorzieningen.gemeentecode = peilmaanden.gemeentecode
            and coalesce(voorzieningen.telt_in, voorzieningen.begindatum) <= peilmaanden.peildatum
            and (
                voorzieningen.einddatum is null
                or coalesce(voorzieningen.telt_in, voorzieningen.einddatum) >= peilmaanden.maand_begin
            )
    left join gedekt
        on peilmaanden.gemeentecode = gedekt.gemeentecode and peilmaanden.peildatum = gedekt.peildatum
    left join soorten
        on
            peilmaanden.gemeentecode = soorten.gemeentecode
            and peilmaanden.peildatum = soorten.peildatum
            and voorzieningen.soort = soorten.soort
    -- Where two routes cover a month, one of them tells it.
    where voorzieningen.route is null or voorzieningen.route = gedekt.semantiek
),

geplaatst as (
    select
        in_maand.*,
        {{ age_years('plaats.geboortedatum', 'in_maand.peildatum') }} as leeftijd,
        plaats.straatnaam,
        {{ waar('in_maand', opgegeven) }}
    from in_maand
    {{ plaats_op('in_maand', 'in_maand.peildatum', 'in_maand.indelingsjaar', opgegeven) }}
),

final as (
    select
        gemeentecode,
        persoon,
        voorziening_id,
        soort,
        lijn,
        peildatum,
        indelingsjaar,
        eerste_dag,
        actief,
        telt_mee,
        {{ telt('toestand', 'telt_na_vertrek') }} as telt,
        toestand,
        {{ leeftijdsgroep('leeftijd') }} as leeftijdsgroep,
        {{ buiten_de_wet('leeftijd') }} as buiten_de_wet,
        huishouden,
        adres,
        straatnaam,
        wijkcode,
        buurtcode
    from geplaatst
)

select * from final
{% endmacro %}
