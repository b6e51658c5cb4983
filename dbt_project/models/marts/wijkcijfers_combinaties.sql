-- One row per gemeente or wijk, month-end and combination of the Wmo, the Jeugdwet and the Participatiewet: the
-- households with running provisions of exactly those; and of more than one of them (`meer_dan_een`).
with

huishoudens as (
    select * from {{ ref('huishouden_unie') }}
    where combinatie is not null
),

rooster as (
    select * from {{ ref('rooster_unie') }}
    where gebiedsniveau in ('gemeente', 'wijk')
),

unie as (
    select * from {{ ref('unie') }}
),

regelingen as (
    select * from {{ ref('regelingen') }}
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
    where indicator = 'huishoudens'
),

noemers as (
    select * from {{ ref('noemer') }}
    where noemer = 'huishoudens' and leeftijdsgroep = 'totaal'
),

-- Months in which all three laws count together.
alle_wetten as (
    select
        unie.gemeentecode,
        unie.peildatum
    from unie
    inner join regelingen on unie.regeling = regelingen.regeling
    where regelingen.wet_combinatie is not null
    group by unie.gemeentecode, unie.peildatum
    having count(distinct regelingen.wet_combinatie) = 3
),

per_combinatie as (
    select gemeentecode, peildatum, wijkcode, buurtcode, combinatie
    from huishoudens
    union all
    select gemeentecode, peildatum, wijkcode, buurtcode, 'meer_dan_een' as combinatie
    from huishoudens
    where combinatie not like 'alleen%'
),

geteld as (
    select
        per_combinatie.gemeentecode,
        per_combinatie.peildatum,
        per_combinatie.combinatie,
        {{ gebied_op_niveau('per_combinatie') }} as gebiedscode,
        count(*) as aantal
    from per_combinatie
    cross join {{ niveaus() }}
    where niveaus.gebiedsniveau <> 'buurt'
    group by per_combinatie.gemeentecode, per_combinatie.peildatum, per_combinatie.combinatie, gebiedscode
),

cellen as (
    select
        rooster.*,
        combinaties.combinatie,
        indicatoren.indicator,
        indicatoren.eenheid,
        case
            -- Two of the three laws, and the tasks of the third for a gemeente, are of that day.
            when rooster.peildatum < cast('2015-01-01' as date) then 'nvt'
            when alle_wetten.gemeentecode is null then 'niet_geleverd'
            else rooster.status
        end as status_combinatie
    from rooster
    cross join (
        values
        ('alleen_wmo'), ('alleen_jeugdwet'), ('alleen_participatiewet'), ('alle_drie'), ('meer_dan_een'),
        ('wmo_jeugdwet'), ('wmo_participatiewet'), ('jeugdwet_participatiewet')
    ) as combinaties (combinatie)
    cross join indicatoren
    left join alle_wetten
        on rooster.gemeentecode = alle_wetten.gemeentecode and rooster.peildatum = alle_wetten.peildatum
),

final as (
    select
        cellen.gemeentecode,
        cellen.gebiedsniveau,
        cellen.gebiedscode,
        cellen.gebiedsnaam,
        cellen.indelingsjaar,
        cellen.peildatum,
        'totaal' as leeftijdsgroep,
        cellen.combinatie,
        cellen.indicator,
        cellen.eenheid,
        cellen.status_combinatie as status,
        case when cellen.status_combinatie = 'geleverd' then coalesce(geteld.aantal, 0) end as aantal,
        case when cellen.gebiedscode not like '%onbekend' then noemers.aantal end as noemer,
        case when cellen.status_combinatie = 'geleverd' then coalesce(geteld.aantal, 0) end as huishoudens,
        cast(null as bigint) as grootste_adres
    from cellen
    left join geteld
        on
            cellen.gemeentecode = geteld.gemeentecode
            and cellen.gebiedscode = geteld.gebiedscode
            and cellen.peildatum = geteld.peildatum
            and cellen.combinatie = geteld.combinatie
    left join noemers
        on
            cellen.gemeentecode = noemers.gemeentecode
            and cellen.gebiedscode = noemers.gebiedscode
            and cellen.peildatum = noemers.peildatum
)

select * from final
