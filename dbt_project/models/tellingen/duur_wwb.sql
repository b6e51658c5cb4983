{{ duur('wwb') }}
