-- One row per area, quarter and question.
-- What residents tell at house visits, per gemeente, wijk and quarter: shares with Wilson's interval, and means.
-- Under ten answers nothing is shown. A quarter is told of when it ended before the newest delivery.
{% set schalen = ['tevreden_werkwijze', 'geluisterd', 'zelfredzaam_vooruit'] %}
{% set aarden = ['vrijwilligerswerk', 'mantelzorg', 'buurthulp', 'ervaringsdeskundige', 'tegenprestatie', 'anders'] %}
with

bezoeken as (
    select * from {{ ref('stg_huisbezoeken') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
    where is_kwartaaleinde
),

gebieden as (
    select * from {{ ref('gebied') }}
    where gebiedsniveau in ('gemeente', 'wijk')
),

gedekt as (
    select
        gemeentecode,
        min({{ month_end(add_months('datum', '(3 - month(datum) % 3) % 3')) }}) as eerste,
        max(leverdatum) as leverdatum
    from bezoeken
    group by gemeentecode
),

-- A wijk that the year does not know is onbekend.
per_kwartaal as (
    select
        bezoeken.gemeentecode,
        bezoeken.tevreden_werkwijze,
        bezoeken.geluisterd,
        bezoeken.zelfredzaam_vooruit,
        bezoeken.wederkerigheid_bereid,
        bezoeken.wederkerigheid_aard,
        peilmaanden.peildatum,
        coalesce(gebieden.gebiedscode, concat('WK', substr(bezoeken.gemeentecode, 3), 'onbekend')) as wijkcode
    from bezoeken
    inner join peilmaanden
        on
            bezoeken.gemeentecode = peilmaanden.gemeentecode
            and {{ month_end(add_months('bezoeken.datum', '(3 - month(bezoeken.datum) % 3) % 3')) }}
            = peilmaanden.peildatum
    left join gebieden
        on
            bezoeken.gemeentecode = gebieden.gemeentecode
            and peilmaanden.indelingsjaar = gebieden.indelingsjaar
            and bezoeken.wijkcode = gebieden.gebiedscode
),

per_niveau as (
    select
        *,
        wijkcode as gebiedscode
    from per_kwartaal
    union all
    select
        *,
        gemeentecode as gebiedscode
    from per_kwartaal
),

-- The questions that are scales, and those that are part of what somebody would give back.
vragen as (
    select
        genoemd.indicator,
        genoemd.is_schaal
    from (
        values
        {% for vraag in schalen %}
            ('{{ vraag }}', true),
        {% endfor %}
        {% for aard in aarden %}
            ('terug_{{ aard }}', false),
        {% endfor %}
        ('iets_terug', false)
    ) as genoemd (indicator, is_schaal)
),

gesteld as (
    select
        per_niveau.gemeentecode,
        per_niveau.gebiedscode,
        per_niveau.peildatum,
        per_niveau.wederkerigheid_bereid,
        concat('terug_', per_niveau.wederkerigheid_aard) as aard,
        vragen.indicator,
        vragen.is_schaal,
        case vragen.indicator
            {% for vraag in schalen %}
                when '{{ vraag }}' then per_niveau.{{ vraag }}
            {% endfor %}
        end as score
    from per_niveau
    cross join vragen
),

-- One row per answer: a 4 or 5 is satisfied; yes is yes, and maybe is not.
antwoorden as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        indicator,
        score,
        case
            when is_schaal then score >= 4
            else wederkerigheid_bereid = 'ja' and indicator in ('iets_terug', aard)
        end as is_goed
    from gesteld
    where score is not null or (not is_schaal and wederkerigheid_bereid is not null)
),

geteld as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        indicator,
        count(*) as antwoorden,
        count(case when is_goed then 1 end) as goed,
        round(avg(score), 2) as gemiddelde
    from antwoorden
    group by gemeentecode, gebiedscode, peildatum, indicator
    having count(*) >= 10
),

final as (
    select
        peilmaanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        gebieden.gebiedsnaam,
        peilmaanden.indelingsjaar,
        peilmaanden.peildatum,
        vragen.indicator,
        case
            when gedekt.gemeentecode is null then 'niet_geleverd'
            when geteld.antwoorden is null then 'kleiner_dan_drempel'
            else 'geleverd'
        end as status,
        geteld.antwoorden,
        round(cast(geteld.goed as double) / geteld.antwoorden, 4) as aandeel,
        {{ wilson('geteld.goed', 'geteld.antwoorden', '-') }} as aandeel_laag,
        {{ wilson('geteld.goed', 'geteld.antwoorden', '+') }} as aandeel_hoog,
        geteld.gemiddelde
    from peilmaanden
    inner join gebieden
        on
            peilmaanden.gemeentecode = gebieden.gemeentecode
            and peilmaanden.indelingsjaar = gebieden.indelingsjaar
    cross join vragen
    left join gedekt
        on
            peilmaanden.gemeentecode = gedekt.gemeentecode
            and peilmaanden.peildatum between gedekt.eerste and {{ add_days('gedekt.leverdatum', -1) }}
    left join geteld
        on
            gedekt.gemeentecode is not null
            and peilmaanden.gemeentecode = geteld.gemeentecode
            and gebieden.gebiedscode = geteld.gebiedscode
            and peilmaanden.peildatum = geteld.peildatum
            and vragen.indicator = geteld.indicator
)

select * from final
