-- One row per row of a delivery and rule that it breaks.
-- Projects whose first delivery came after their start, whatever geregistreerd_op says: uitval that shows only when all
-- deliveries are seen together.
with

projecten as (
    select * from {{ ref('stg_doorbraakprojecten') }}
    where volgorde = 1
),

final as (
    select
        gemeentecode,
        leverancier,
        leverdatum,
        rij,
        'DBP-51' as regel_id
    from projecten
    where eerste_levering > startdatum
)

select * from final
