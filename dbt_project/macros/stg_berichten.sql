{# Messages of an iStandaard (iWmo, iJw), one row per product in a message; all deliveries together. #}
{% macro stg_berichten(table) %}
with

berichten as (
    select * from {{ source('bron', table) }}
),

final as (
    select
        gemeentecode,
        persoon,
        bericht,
        toewijzingnummer,
        categorie,
        productcode,
        aanbieder,
        ingangsdatum,
        begindatum,
        einddatum,
        reden_wijziging,
        reden_beeindiging,
        status_aanlevering,
        -- The standard gives postcode no pattern: any text of up to 8 characters.
        upper(replace(postcode, ' ', '')) as postcode,
        huisnummer,
        dagtekening,
        -- Numbers in text: padded they sort as numbers.
        lpad(bericht_identificatie, 12, '0') as bericht_identificatie,
        leverancier,
        leverdatum,
        rij
    from berichten
)

select * from final
{% endmacro %}
