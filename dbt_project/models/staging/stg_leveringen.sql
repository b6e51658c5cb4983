-- One row per accepted delivery and gemeente.
-- Accepted deliveries: which were replaced, and which days each of them is about.
with

leveringen as (
    select * from {{ source('bron', 'leveringen') }}
),

aanvaard as (
    select distinct
        bron,
        leverancier,
        leverdatum,
        gemeentecode,
        semantiek,
        periode_van,
        periode_tot,
        levering,
        levermaand,
        gevraagd_tot,
        contractversie,
        cadans_dagen,
        respijt_dagen
    from leveringen
    where toestand = 'aanvaard'
),

-- The newest delivery of a period (stand), or of all (geheel), replaces what came before it; messages accumulate.
genummerd as (
    select
        *,
        max(leverdatum) over (partition by bron, leverancier, semantiek, periode_van) as nieuwste_van_periode,
        max(leverdatum) over (partition by bron, leverancier) as nieuwste
    from aanvaard
),

final as (
    select
        bron,
        leverancier,
        leverdatum,
        gemeentecode,
        semantiek,
        levering,
        levermaand,
        contractversie,
        case semantiek
            when 'stand' then leverdatum = nieuwste_van_periode
            when 'geheel' then leverdatum = nieuwste
            else true
        end as geldt,
        periode_van,
        periode_tot,
        -- The month-ends that a delivery covers lie from `dekt_van` up to and including `dekt_tot`.
        coalesce(periode_van, {{ add_days('leverdatum', '-(cadans_dagen + respijt_dagen)') }}) as dekt_van,
        -- Messages cannot tell of a month that had not ended when they were delivered, whatever levering.json says. A
        -- source that was asked later and had nothing new also tells of the time until then.
        case
            when gevraagd_tot is not null and gevraagd_tot >= coalesce(periode_tot, leverdatum) then gevraagd_tot
            when periode_tot is null or (semantiek = 'berichten' and periode_tot >= leverdatum)
                then {{ add_days('leverdatum', '-1') }}
            else periode_tot
        end as dekt_tot
    from genummerd
)

select * from final
