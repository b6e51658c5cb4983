-- One row per dossier.
-- The newest version of each dossier of schuldhulpverlening, with the delivery that held it.
with

trajecten as (
    select * from {{ source('bron', 'schuldhulp_traject') }}
),

genummerd as (
    select
        *,
        row_number() over (
            partition by gemeentecode, schuldhulptraject_id
            order by leverdatum desc, leverancier asc
        ) as volgorde
    from trajecten
),

final as (
    select
        gemeentecode,
        schuldhulptraject_id,
        startdatum,
        einddatum,
        toekenningsdatum,
        leverancier,
        leverdatum
    from genummerd
    where volgorde = 1
)

select * from final
