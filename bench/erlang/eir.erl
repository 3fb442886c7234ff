%% An equipment register by erlang-diameter that knows nothing: it answers every ME-Identity-Check with WHITELISTED.
%% A peer that comes back is heard at once, not after three watchdogs (RFC 3539 3.4.1).
%% Its dictionary is test/interop/s13-mme/s13.dia.
-module(eir).
-include_lib("diameter/include/diameter.hrl").
-export([run/1, peer_up/3, peer_down/3, pick_peer/4, prepare_request/3, prepare_retransmit/3,
         handle_answer/4, handle_error/4, handle_request/3]).

run(Port) ->
    ok = diameter:start(),
    App = [{'Vendor-Id', 10415}, {'Auth-Application-Id', [16777252]}],
    ok = diameter:start_service(eir, [
        {'Origin-Host', "eir.test"}, {'Origin-Realm', "test"}, {'Vendor-Id', 0}, {'Product-Name', "eir"},
        {'Supported-Vendor-Id', [10415]}, {'Vendor-Specific-Application-Id', [App]}, {decode_format, map},
        {application, [{alias, s13}, {dictionary, s13}, {module, ?MODULE}]}]),
    {ok, _} = diameter:add_transport(eir, {listen, [{transport_module, diameter_tcp}, {watchdog_config, [{okay, 0}]},
        {transport_config, [{ip, {127,0,0,1}}, {port, Port}, {nodelay, true}]}]}),
    io:format("~p~n", [Port]),
    receive never -> ok end.

peer_up(_, _, S) -> S.
peer_down(_, _, S) -> S.
pick_peer(_, _, _, _) -> false.
prepare_request(_, _, _) -> discard.
prepare_retransmit(_, _, _) -> discard.
handle_answer(_, _, _, _) -> ok.
handle_error(_, _, _, _) -> ok.
handle_request(#diameter_packet{msg = ['ECR' | #{'Session-Id' := Session}]}, _,
               {_, #diameter_caps{origin_host = {Host, _}, origin_realm = {Realm, _}}}) ->
    {reply, ['ECA', {'Session-Id', Session}, {'Auth-Session-State', 1}, {'Origin-Host', Host}, {'Origin-Realm', Realm},
             {'Result-Code', [2001]}, {'Equipment-Status', [0]}]}.
