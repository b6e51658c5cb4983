-- One row per dossier and client.
-- The clients of each dossier, one or two partners, as its newest version says.
with

clienten as (
    select * from {{ source('bron', 'schuldhulp_client') }}
),

trajecten as (
    select * from {{ ref('stg_schuldhulp_traject') }}
),

final as (
    select
        clienten.gemeentecode,
        clienten.schuldhulptraject_id,
        clienten.persoon,
        clienten.postcode,
        clienten.huisnummer,
        -- The address that was told last counts for persons who are not in the BRP (macros/wijkcijfers_delen.sql).
        clienten.leverdatum as dagtekening,
        clienten.client_id as bericht_identificatie,
        clienten.leverdatum,
        clienten.rij
    from clienten
    inner join trajecten
        on
            clienten.gemeentecode = trajecten.gemeentecode
            and clienten.schuldhulptraject_id = trajecten.schuldhulptraject_id
            and clienten.leverancier = trajecten.leverancier
            and clienten.leverdatum = trajecten.leverdatum
)

select * from final
