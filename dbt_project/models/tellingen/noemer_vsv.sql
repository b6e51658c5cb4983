-- One row per gemeente or wijk and month: the pupils on 1 October of its school year (startset), the noemer of vsv.
with

startset as (
    select * from {{ ref('stg_vsv_startset') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

schooljaren as (
    select distinct
        gemeentecode,
        schooljaar
    from startset
),

-- The startset has its pupils where they lived on 1 October; the areas are those of the month.
leerlingen as (
    select
        startset.gemeentecode,
        startset.persoon,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        cast(concat(cast(startset.schooljaar as {{ dbt.type_string() }}), '-10-01') as date) as datum
    from startset
    inner join peilmaanden
        on
            startset.gemeentecode = peilmaanden.gemeentecode
            and startset.schooljaar = {{ school_year('peilmaanden.peildatum', 10) }}
),

geplaatst as (
    select
        leerlingen.*,
        {{ waar('leerlingen') }}
    from leerlingen
    {{ plaats_op('leerlingen', 'leerlingen.datum', 'leerlingen.indelingsjaar') }}
),

per_niveau as (
    select
        geplaatst.*,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('geplaatst') }} as gebiedscode
    from geplaatst
    cross join {{ niveaus() }}
    where {{ telt('geplaatst.toestand', "'nee'") }}
),

per_gebied as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        count(distinct persoon) as aantal
    from per_niveau
    group by gemeentecode, gebiedscode, peildatum
),

-- A wijk without pupils has 0, a school year without startset has none; a startset of a buurt would be too few to tell.
final as (
    select
        peilmaanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        peilmaanden.peildatum,
        'totaal' as leeftijdsgroep,
        'startset' as noemer,
        coalesce(per_gebied.aantal, 0) as aantal
    from peilmaanden
    inner join gebieden
        on
            peilmaanden.gemeentecode = gebieden.gemeentecode
            and peilmaanden.indelingsjaar = gebieden.indelingsjaar
            and gebieden.gebiedsniveau <> 'buurt'
    inner join schooljaren
        on
            peilmaanden.gemeentecode = schooljaren.gemeentecode
            and schooljaren.schooljaar = {{ school_year('peilmaanden.peildatum', 10) }}
    left join per_gebied
        on
            gebieden.gemeentecode = per_gebied.gemeentecode
            and gebieden.gebiedscode = per_gebied.gebiedscode
            and peilmaanden.peildatum = per_gebied.peildatum
)

select * from final
