-- One row per insured person and delivered year.
-- Insured persons: the newest list of each calendar year; with the address, for persons who never occur in the BRP.
with

collectieve_zorgverzekering as (
    select * from {{ source('bron', 'collectieve_zorgverzekering') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum,
        periode_van,
        periode_tot
    from leveringen
    where bron = 'collectieve_zorgverzekering' and geldt
),

final as (
    select
        collectieve_zorgverzekering.gemeentecode,
        collectieve_zorgverzekering.persoon,
        collectieve_zorgverzekering.relatienummer,
        collectieve_zorgverzekering.pakket,
        collectieve_zorgverzekering.verzekerde_rol,
        collectieve_zorgverzekering.ingangsdatum,
        collectieve_zorgverzekering.einddatum,
        collectieve_zorgverzekering.postcode,
        collectieve_zorgverzekering.huisnummer,
        -- Which address is the newest: the names that macros/wijkcijfers_delen.sql asks for.
        collectieve_zorgverzekering.leverdatum as dagtekening,
        collectieve_zorgverzekering.relatienummer as bericht_identificatie,
        collectieve_zorgverzekering.rij,
        geldend.periode_van,
        geldend.periode_tot,
        collectieve_zorgverzekering.leverdatum
    from collectieve_zorgverzekering
    inner join geldend
        on
            collectieve_zorgverzekering.leverancier = geldend.leverancier
            and collectieve_zorgverzekering.leverdatum = geldend.leverdatum
)

select * from final
