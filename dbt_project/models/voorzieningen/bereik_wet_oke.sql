-- One row per gemeente and month-end that was delivered.
-- Bereik of voorschoolse educatie: how many of the children with an indication are placed, per gemeente and month.
with

kinderen as (
    select * from {{ ref('stg_wet_oke') }}
),

-- A child may have several rows in a month: one for each centre.
per_kind as (
    select
        gemeentecode,
        periode_tot as peildatum,
        persoon,
        max(case when vve_indicatie = 'J' and datum_indicatie <= periode_tot then 1 else 0 end) as geindiceerd,
        max(
            case
                when
                    bereik = 'geplaatst'
                    and datum_plaatsing <= periode_tot
                    and (datum_einde is null or datum_einde > periode_tot)
                    then 1
                else 0
            end
        ) as geplaatst
    from kinderen
    group by gemeentecode, periode_tot, persoon
),

final as (
    select
        gemeentecode,
        peildatum,
        cast(sum(geindiceerd) as bigint) as geindiceerd,
        cast(sum(geindiceerd * geplaatst) as bigint) as geindiceerd_geplaatst,
        cast(sum((1 - geindiceerd) * geplaatst) as bigint) as geplaatst_zonder_indicatie,
        -- Where nobody is indicated there is no bereik.
        cast(round(100.0 * sum(geindiceerd * geplaatst) / nullif(sum(geindiceerd), 0)) as integer) as bereik_pct
    from per_kind
    group by gemeentecode, peildatum
)

select * from final
