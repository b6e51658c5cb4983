-- One row per provision, person and month: who left school in the school year of the month and is not back on its last
-- day; on 1 October the count starts at zero. Placed as on the peildatum.
with

voorzieningen as (
    select * from {{ ref('voorziening_vsv') }}
),

regelingen as (
    select * from {{ ref('regelingen') }}
    where regeling = 'vsv'
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

soorten as (
    select * from {{ ref('soort') }}
    where regeling = 'vsv'
),

in_schooljaar as (
    select
        voorzieningen.gemeentecode,
        voorzieningen.persoon,
        voorzieningen.voorziening_id,
        voorzieningen.soort,
        soorten.lijn,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        greatest(voorzieningen.begindatum, peilmaanden.maand_begin) as eerste_dag,
        regelingen.telt_na_vertrek,
        regelingen.leeftijd_van,
        regelingen.leeftijd_tot
    from voorzieningen
    cross join regelingen
    inner join peilmaanden
        on
            voorzieningen.gemeentecode = peilmaanden.gemeentecode
            and voorzieningen.begindatum <= peilmaanden.peildatum
            and (voorzieningen.einddatum is null or voorzieningen.einddatum > peilmaanden.peildatum)
            and {{ school_year('voorzieningen.begindatum', 10) }} = {{ school_year('peilmaanden.peildatum', 10) }}
    left join soorten
        on
            peilmaanden.gemeentecode = soorten.gemeentecode
            and peilmaanden.peildatum = soorten.peildatum
            and voorzieningen.soort = soorten.soort
),

geplaatst as (
    select
        in_schooljaar.*,
        {{ age_years('plaats.geboortedatum', 'in_schooljaar.peildatum') }} as leeftijd,
        plaats.straatnaam,
        {{ waar('in_schooljaar') }}
    from in_schooljaar
    {{ plaats_op('in_schooljaar', 'in_schooljaar.peildatum', 'in_schooljaar.indelingsjaar') }}
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
        true as actief,
        true as telt_mee,
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
