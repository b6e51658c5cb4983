-- One row per step in a dossier.
-- The steps in each dossier, as its newest version says.
with

stappen as (
    select * from {{ source('bron', 'schuldhulp_stap') }}
),

trajecten as (
    select * from {{ ref('stg_schuldhulp_traject') }}
),

final as (
    select
        stappen.gemeentecode,
        stappen.schuldhulptraject_id,
        stappen.stap,
        stappen.stap_id,
        stappen.startdatum,
        stappen.einddatum,
        stappen.code
    from stappen
    inner join trajecten
        on
            stappen.gemeentecode = trajecten.gemeentecode
            and stappen.schuldhulptraject_id = trajecten.schuldhulptraject_id
            and stappen.leverancier = trajecten.leverancier
            and stappen.leverdatum = trajecten.leverdatum
)

select * from final
