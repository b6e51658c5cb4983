-- One row per service, month-end and area.
-- The services that are given on a month-end, once in every area where they are: by address, else by werkgebied;
-- without either only in the gemeente.
with

aanbod as (
    select * from {{ ref('stg_aanbod') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

-- As with provisions: what ends on the day itself is not counted any more.
gegeven as (
    select
        aanbod.*,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        coalesce(aanbod.laatst_gecontroleerd < {{ add_months('peilmaanden.peildatum', -12) }}, true) as verouderd
    from aanbod
    inner join peilmaanden
        on
            aanbod.gemeentecode = peilmaanden.gemeentecode
            and aanbod.periode_van <= peilmaanden.peildatum
            and aanbod.periode_tot >= peilmaanden.peildatum
    where
        aanbod.status = 'active'
        and (aanbod.geldig_van is null or aanbod.geldig_van <= peilmaanden.peildatum)
        and (aanbod.geldig_tot is null or aanbod.geldig_tot > peilmaanden.peildatum)
),

met_adres as (
    select
        gegeven.gemeentecode,
        gegeven.peildatum,
        gegeven.indelingsjaar,
        gegeven.dienst_id,
        coalesce(adressen.wijkcode, concat('WK', substr(gegeven.gemeentecode, 3), 'onbekend')) as wijkcode,
        coalesce(adressen.buurtcode, concat('BU', substr(gegeven.gemeentecode, 3), 'onbekend')) as buurtcode
    from gegeven
    left join adressen
        on
            gegeven.gemeentecode = adressen.gemeentecode
            and gegeven.indelingsjaar = adressen.indelingsjaar
            and gegeven.postcode = adressen.postcode
            and gegeven.huisnummer = adressen.huisnummer
    where gegeven.postcode is not null
),

zonder_adres as (
    select
        gegeven.gemeentecode,
        gegeven.peildatum,
        gegeven.dienst_id,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        gebieden.ouder_code
    from gegeven
    inner join gebieden
        on
            gegeven.gemeentecode = gebieden.gemeentecode
            and gegeven.indelingsjaar = gebieden.indelingsjaar
            and concat(' ', gegeven.werkgebied, ' ') like concat('% ', gebieden.gebiedscode, ' %')
    where
        gebieden.gebiedsniveau <> 'gemeente'
        -- A service with an address somewhere is there.
        and not exists (
            select 1 from met_adres
            where
                gegeven.gemeentecode = met_adres.gemeentecode
                and gegeven.peildatum = met_adres.peildatum
                and gegeven.dienst_id = met_adres.dienst_id
        )
),

-- `union` keeps one row of a service at two places in one area.
plaatsen as (
    select
        gemeentecode,
        peildatum,
        dienst_id,
        'gemeente' as gebiedsniveau,
        gemeentecode as gebiedscode
    from gegeven
    union
    select
        gemeentecode,
        peildatum,
        dienst_id,
        'wijk' as gebiedsniveau,
        wijkcode as gebiedscode
    from met_adres
    union
    select
        gemeentecode,
        peildatum,
        dienst_id,
        'buurt' as gebiedsniveau,
        buurtcode as gebiedscode
    from met_adres
    union
    select
        gemeentecode,
        peildatum,
        dienst_id,
        gebiedsniveau,
        gebiedscode
    from zonder_adres
    union
    select
        gemeentecode,
        peildatum,
        dienst_id,
        'wijk' as gebiedsniveau,
        ouder_code as gebiedscode
    from zonder_adres
    where gebiedsniveau = 'buurt'
),

-- What is said of a service is said in each of its rows.
diensten as (
    select
        *,
        row_number() over (partition by gemeentecode, peildatum, dienst_id order by rij) as volgorde
    from gegeven
),

final as (
    select
        plaatsen.gemeentecode,
        plaatsen.peildatum,
        plaatsen.gebiedsniveau,
        plaatsen.gebiedscode,
        plaatsen.dienst_id,
        diensten.naam,
        diensten.organisatie_id,
        diensten.organisatie,
        diensten.lijn,
        diensten.deelprogramma,
        diensten.vrij_toegankelijk,
        diensten.indicatie_nodig,
        diensten.capaciteit,
        diensten.wachttijd_weken,
        diensten.laatst_gecontroleerd,
        diensten.verouderd
    from plaatsen
    inner join diensten
        on
            plaatsen.gemeentecode = diensten.gemeentecode
            and plaatsen.peildatum = diensten.peildatum
            and plaatsen.dienst_id = diensten.dienst_id
            and diensten.volgorde = 1
)

select * from final
