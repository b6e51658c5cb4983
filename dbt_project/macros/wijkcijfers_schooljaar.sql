{# The exact figures of telwijze schooljaar_cumulatief (design.md section 6): who left since 1 October and is not back.

Counted from model actief_<regeling>. `startset`: the staging model with the pupils on 1 October (gemeentecode, persoon, schooljaar), the noemer.

The reports tell what changed in their month: from a month that is not covered on, the school year has no figure. #}
{% macro wijkcijfers_schooljaar(regeling, startset) %}
with

actief as (
    select * from {{ ref('actief_' ~ regeling) }}
    where telt
),

startset as (
    select * from {{ ref(startset) }}
),

dekking as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

{{ rooster_invoer(regeling) }},

-- October is the first month, September the twelfth: all before it and itself must be there.
gedekt as (
    select
        gemeentecode,
        peildatum
    from (
        select
            gemeentecode,
            peildatum,
            count(*) over (
                partition by gemeentecode, {{ school_year('peildatum', 10) }}
                order by peildatum
                rows between unbounded preceding and current row
            ) as maanden_gedekt,
            (month(peildatum) + 2) % 12 + 1 as maanden_nodig
        from dekking
    ) as geteld
    where maanden_gedekt = maanden_nodig
),

actief_per_niveau as (
    {{ per_niveau('actief') }}
),

actief_per_leeftijd as (
    select *, case when buiten_de_wet then 'onbekend' else leeftijdsgroep end as groep from actief_per_niveau
    union all
    select *, 'totaal' as groep from actief_per_niveau
),

tellingen as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        groep as leeftijdsgroep,
        'clienten' as indicator,
        count(distinct persoon) as aantal,
        count(distinct huishouden) as huishoudens,
        cast(null as bigint) as grootste_adres
    from actief_per_leeftijd
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, groep
),

-- The startset is of 1 October, and so is where its pupils lived; the areas are those of P.
leerlingen as (
    select
        startset.gemeentecode,
        startset.persoon,
        peilmaanden.peildatum,
        cast(concat(cast(startset.schooljaar as {{ dbt.type_string() }}), '-10-01') as date) as datum,
        peilmaanden.indelingsjaar
    from startset
    inner join peilmaanden
        on
            startset.gemeentecode = peilmaanden.gemeentecode
            and startset.schooljaar = {{ school_year('peilmaanden.peildatum', 10) }}
),

leerlingen_geplaatst as (
    select
        leerlingen.*,
        {{ waar('leerlingen') }}
    from leerlingen
    {{ plaats_op('leerlingen', 'leerlingen.datum', 'leerlingen.indelingsjaar') }}
),

leerlingen_geteld as (
    select * from leerlingen_geplaatst
    where {{ telt('toestand', "'nee'") }}
),

leerlingen_per_niveau as (
    {{ per_niveau('leerlingen_geteld') }}
),

leerlingen_per_gebied as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        count(distinct persoon) as aantal
    from leerlingen_per_niveau
    group by gemeentecode, gebiedscode, peildatum
),

-- A wijk without pupils has 0, a school year without startset has none; a startset of a buurt would be too few to tell.
noemers as (
    select
        peilmaanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        peilmaanden.peildatum,
        'totaal' as leeftijdsgroep,
        'startset' as noemer,
        coalesce(leerlingen_per_gebied.aantal, 0) as aantal
    from peilmaanden
    inner join gebieden
        on peilmaanden.gemeentecode = gebieden.gemeentecode and peilmaanden.indelingsjaar = gebieden.indelingsjaar
    inner join (select distinct gemeentecode, schooljaar from startset) as schooljaren
        on
            peilmaanden.gemeentecode = schooljaren.gemeentecode
            and schooljaren.schooljaar = {{ school_year('peilmaanden.peildatum', 10) }}
    left join leerlingen_per_gebied
        on
            gebieden.gemeentecode = leerlingen_per_gebied.gemeentecode
            and gebieden.gebiedscode = leerlingen_per_gebied.gebiedscode
            and peilmaanden.peildatum = leerlingen_per_gebied.peildatum
    where gebieden.gebiedsniveau <> 'buurt'
),

{{ rooster() }}

select * from final
{% endmacro %}
