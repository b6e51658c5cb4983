-- One row per house visit.
-- Answers of persons who consent, from the newest delivery of each leverancier: the whole export each time.
with

huisbezoeken as (
    select * from {{ source('bron', 'huisbezoeken') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum
    from leveringen
    where bron = 'huisbezoeken' and geldt
),

final as (
    select
        huisbezoeken.gemeentecode,
        huisbezoeken.wijkcode,
        huisbezoeken.datum,
        huisbezoeken.leeftijdsklasse,
        huisbezoeken.registraties,
        cast(huisbezoeken.lijn as integer) as lijn,
        huisbezoeken.tevreden_werkwijze,
        huisbezoeken.geluisterd,
        huisbezoeken.zelfredzaam_vooruit,
        huisbezoeken.wederkerigheid_bereid,
        huisbezoeken.wederkerigheid_aard,
        huisbezoeken.wederkerigheid_uren_pw,
        huisbezoeken.leverdatum,
        huisbezoeken.rij
    from huisbezoeken
    inner join geldend
        on huisbezoeken.leverancier = geldend.leverancier and huisbezoeken.leverdatum = geldend.leverdatum
)

select * from final
