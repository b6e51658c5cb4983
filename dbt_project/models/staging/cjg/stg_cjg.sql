-- One row per contact.
-- Contacts of the CJG, of the newest delivery of each month.
with

cjg as (
    select * from {{ source('bron', 'cjg') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum
    from leveringen
    where bron = 'cjg' and geldt
),

final as (
    select
        cjg.gemeentecode,
        cjg.leverancier,
        cjg.contactnr,
        cjg.datum_contact,
        cjg.soort_contact,
        cjg.vraagcategorie,
        cjg.postcode4,
        cjg.leverdatum
    from cjg
    inner join geldend on cjg.leverancier = geldend.leverancier and cjg.leverdatum = geldend.leverdatum
)

select * from final
