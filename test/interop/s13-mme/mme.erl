%% An MME by erlang-diameter: connects, asks about what standard input names, a line each, and prints what it was answered.
%% A line is an IMEI, or `none` for a Terminal-Information without one; the end of the input is the end of the service (DPR).
-module(mme).
-include_lib("diameter/include/diameter.hrl").
-export([run/4, peer_up/3, peer_down/3, pick_peer/4, prepare_request/3, prepare_retransmit/3,
         handle_answer/4, handle_error/4, handle_request/3]).

run(Host, Ip, Port, Destination) ->
    ok = diameter:start(),
    App = [{'Vendor-Id', 10415}, {'Auth-Application-Id', [16777252]}],
    ok = diameter:start_service(mme, [
        {'Origin-Host', Host}, {'Origin-Realm', "test"}, {'Vendor-Id', 0}, {'Product-Name', "mme"},
        {'Supported-Vendor-Id', [10415]}, {'Vendor-Specific-Application-Id', [App]}, {decode_format, map},
        {application, [{alias, s13}, {dictionary, s13}, {module, ?MODULE}]}]),
    true = diameter:subscribe(mme),
    {ok, _} = diameter:add_transport(mme, {connect, [{transport_module, diameter_tcp}, {watchdog_timer, 6000},
        {transport_config, [{raddr, Ip}, {rport, Port}]}]}),
    connected(),
    io:format("up~n"),
    ask_all(App, Destination),
    ok = diameter:stop_service(mme),
    timer:sleep(200),
    halt(0).

connected() ->
    receive
        {diameter_event, mme, Up} when element(1, Up) =:= up -> ok;
        {diameter_event, mme, {closed, _, {'CEA', _, #diameter_packet{avps = Avps, errors = E}}, _}} ->
            io:format("CEA ~0p, errors of decoding: ~p~n",
                      [[C || #diameter_avp{name = 'Result-Code', value = C} <- Avps], length(E)]),
            halt(0)
    after 8000 -> io:format("no connection~n"), halt(1) end.

ask_all(App, Destination) ->
    case io:get_line("") of
        eof -> ok;
        Line ->
            What = string:trim(Line),
            io:format("~s ~0p~n", [What, diameter:call(mme, s13, ecr(App, Destination, What), [{timeout, 5000}])]),
            ask_all(App, Destination)
    end.

ecr(App, Destination, What) ->
    Terminal = case What of
        "none" -> [{'Software-Version', ["01"]}];
        Imei -> [{'IMEI', [Imei]}, {'Software-Version', ["01"]}]
    end,
    ['ECR', {'Session-Id', diameter:session_id("mme.test")}, {'Auth-Session-State', 1},
     {'Destination-Realm', "test"}, {'Destination-Host', Destination}, {'Vendor-Specific-Application-Id', [App]},
     {'User-Name', ["262011234567890"]}, {'Terminal-Information', Terminal}].

peer_up(_, _, S) -> S.
peer_down(_, _, S) -> S.
pick_peer([Peer | _], _, _, _) -> {ok, Peer};
pick_peer([], _, _, _) -> false.
prepare_request(#diameter_packet{msg = [Name | Avps]}, _, {_, #diameter_caps{origin_host = {H, _}, origin_realm = {R, _}}}) ->
    {send, [Name, {'Origin-Host', H}, {'Origin-Realm', R} | Avps]}.
prepare_retransmit(Packet, Svc, Peer) -> prepare_request(Packet, Svc, Peer).
%% Result-Code, Experimental-Result-Code, Equipment-Status, codes of what Failed-AVP holds, flag E, errors of decoding.
handle_answer(#diameter_packet{header = H, msg = [_ | M], errors = E}, _, _, _) ->
    Experimental = [C || #{'Experimental-Result-Code' := C} <- list(maps:get('Experimental-Result', M, []))],
    Failed = [C || #{'AVP' := As} <- list(maps:get('Failed-AVP', M, [])), #diameter_avp{code = C} <- As] ++
             [C || #{'IMEI' := _} <- list(maps:get('Failed-AVP', M, [])), C <- [1402]],
    {list(maps:get('Result-Code', M, [])), Experimental, maps:get('Equipment-Status', M, []), Failed,
     H#diameter_header.is_error, length(E)}.
handle_error(Reason, _, _, _) -> {error, Reason}.
handle_request(_, _, _) -> discard.

list(L) when is_list(L) -> L;
list(X) -> [X].
