-- One row per contact.
-- CJG: a contact is an event without a person, so without the columns about one; its PC4 tells the wijk.
with

contacten as (
    select * from {{ ref('stg_cjg') }}
),

final as (
    select
        gemeentecode,
        'cjg' as regeling,
        concat(
            'cjg-',
            leverancier,
            '-',
            contactnr,
            '-',
            cast(datum_contact as {{ dbt.type_string() }})
        ) as voorziening_id,
        vraagcategorie as categorie,
        datum_contact as begindatum,
        datum_contact as einddatum,
        postcode4,
        'cjg' as bron,
        leverdatum
    from contacten
)

select * from final
