-- One row per person, month-end and place: who has a running provision of any regeling that counts together there.
with

actief as (
    select * from {{ ref('actief_unie') }}
),

final as (
    select distinct
        gemeentecode,
        peildatum,
        persoon,
        huishouden,
        adres,
        leeftijdsgroep,
        wijkcode,
        buurtcode,
        straatcode
    from actief
)

select * from final
