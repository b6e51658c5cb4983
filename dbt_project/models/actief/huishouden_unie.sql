-- One row per household, month-end and place in which somebody has a running provision of a regeling that counts
-- together there: of how many, of which of the three laws, and whether it lives at an institution.
with

actief as (
    select * from {{ ref('actief_unie') }}
),

regelingen as (
    select * from {{ ref('regelingen') }}
),

instellingen as (
    select * from {{ ref('instelling') }}
),

-- A household has one address, so it lies in one buurt.
per_huishouden as (
    select
        actief.gemeentecode,
        actief.peildatum,
        actief.wijkcode,
        actief.buurtcode,
        actief.adres,
        actief.huishouden,
        count(distinct actief.regeling) as regelingen,
        {% for wet in ['wmo', 'jeugdwet', 'participatiewet'] %}
            max(case when regelingen.wet_combinatie = '{{ wet }}' then 1 else 0 end) = 1 as {{ wet }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from actief
    inner join regelingen on actief.regeling = regelingen.regeling
    group by
        actief.gemeentecode,
        actief.peildatum,
        actief.wijkcode,
        actief.buurtcode,
        actief.adres,
        actief.huishouden
),

final as (
    select
        per_huishouden.gemeentecode,
        per_huishouden.peildatum,
        per_huishouden.wijkcode,
        per_huishouden.buurtcode,
        per_huishouden.adres,
        per_huishouden.huishouden,
        per_huishouden.regelingen,
        case
            when per_huishouden.wmo and per_huishouden.jeugdwet and per_huishouden.participatiewet then 'alle_drie'
            when per_huishouden.wmo and per_huishouden.jeugdwet then 'wmo_jeugdwet'
            when per_huishouden.wmo and per_huishouden.participatiewet then 'wmo_participatiewet'
            when per_huishouden.jeugdwet and per_huishouden.participatiewet then 'jeugdwet_participatiewet'
            when per_huishouden.wmo then 'alleen_wmo'
            when per_huishouden.jeugdwet then 'alleen_jeugdwet'
            when per_huishouden.participatiewet then 'alleen_participatiewet'
        end as combinatie,
        instellingen.adres is not null as instelling
    from per_huishouden
    left join instellingen
        on
            per_huishouden.gemeentecode = instellingen.gemeentecode
            and per_huishouden.peildatum = instellingen.peildatum
            and per_huishouden.adres = instellingen.adres
)

select * from final
