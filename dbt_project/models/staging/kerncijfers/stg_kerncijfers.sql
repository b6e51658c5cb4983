-- One row per area and year.
-- CBS kerncijfers per area and year; the newest delivery of a year counts. Empty is unknown, not zero.
with

kerncijfers as (
    select * from {{ source('bron', 'kerncijfers') }}
),

genummerd as (
    select
        *,
        max(leverdatum) over (partition by jaar) as nieuwste
    from kerncijfers
),

final as (
    select
        cast(jaar as integer) as jaar,
        leverancier,
        leverdatum,
        gemeentecode,
        code,
        naam,
        a_inw,
        a_00_14,
        a_15_24,
        a_25_44,
        a_45_64,
        a_65_oo,
        a_hh,
        a_soz_wb,
        a_soz_ao,
        a_soz_ow,
        a_wmo_t,
        a_jz_tn
    from genummerd
    where leverdatum = nieuwste
)

select * from final
