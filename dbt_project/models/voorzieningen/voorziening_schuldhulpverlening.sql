-- One row per provision, person and stretch of days that it ran.
-- Schuldhulpverlening: a traject is the provision of one client or of two partners, from its start to its outflow.
-- A new application is a new traject of the same person. An application that was refused at the intake and never
-- granted is none.
with

trajecten as (
    select * from {{ ref('stg_schuldhulp_traject') }}
),

clienten as (
    select * from {{ ref('stg_schuldhulp_client') }}
),

stappen as (
    select * from {{ ref('stg_schuldhulp_stap') }}
),

redenen as (
    select * from {{ ref('codelijsten') }}
    where codelijst = 'SHV_UITSTROOM'
),

-- The first of several outflows ended it.
uitstroom as (
    select
        gemeentecode,
        schuldhulptraject_id,
        startdatum as datum,
        code,
        row_number() over (
            partition by gemeentecode, schuldhulptraject_id
            order by startdatum, stap_id
        ) as volgorde
    from stappen
    where stap = 'UITSTROOM'
),

afgewezen as (
    select distinct
        gemeentecode,
        schuldhulptraject_id
    from stappen
    where stap = 'INTAKE' and code = 'AFGEWEZEN'
),

-- What kind of help it is: the newest solution, else guidance, else the phase that began last.
soorten as (
    select
        gemeentecode,
        schuldhulptraject_id,
        case when stap in ('OPLOSSING', 'BEGELEIDING') then code else stap end as soort,
        row_number() over (
            partition by gemeentecode, schuldhulptraject_id
            order by
                case stap when 'OPLOSSING' then 1 when 'BEGELEIDING' then 2 else 3 end asc,
                startdatum desc,
                stap asc,
                stap_id desc
        ) as volgorde
    from stappen
    where stap <> 'UITSTROOM' and (stap not in ('OPLOSSING', 'BEGELEIDING') or code is not null)
),

spells as (
    select
        trajecten.gemeentecode,
        clienten.persoon,
        concat('shv-', trajecten.schuldhulptraject_id) as voorziening_id,
        soorten.soort as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(null as bigint) as bedrag_maand,
        trajecten.leverdatum,
        trajecten.startdatum as begindatum,
        case
            when uitstroom.datum is null then trajecten.einddatum
            when trajecten.einddatum is null then uitstroom.datum
            else least(uitstroom.datum, trajecten.einddatum)
        end as einddatum,
        case
            when uitstroom.datum is not null then coalesce(redenen.norm, 'onbekend')
            when trajecten.einddatum is not null then 'onbekend'
        end as reden_einde
    from trajecten
    inner join clienten
        on
            trajecten.gemeentecode = clienten.gemeentecode
            and trajecten.schuldhulptraject_id = clienten.schuldhulptraject_id
    left join uitstroom
        on
            trajecten.gemeentecode = uitstroom.gemeentecode
            and trajecten.schuldhulptraject_id = uitstroom.schuldhulptraject_id
            and uitstroom.volgorde = 1
    left join redenen on uitstroom.code = redenen.code
    left join soorten
        on
            trajecten.gemeentecode = soorten.gemeentecode
            and trajecten.schuldhulptraject_id = soorten.schuldhulptraject_id
            and soorten.volgorde = 1
    left join afgewezen
        on
            trajecten.gemeentecode = afgewezen.gemeentecode
            and trajecten.schuldhulptraject_id = afgewezen.schuldhulptraject_id
    where afgewezen.schuldhulptraject_id is null or trajecten.toekenningsdatum is not null
),

{{ voorziening('schuldhulpverlening', 'spells', 'schuldhulpverlening') }}

select * from final
