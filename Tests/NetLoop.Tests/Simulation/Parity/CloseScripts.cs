namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Sending, receiving, and all ways in which a connection ends.</summary>
internal static class CloseScripts
{
    public const string Table = """
        both | nothing to receive                           | pair; receive C 8; receive S 8
        both | a few bytes                                  | pair; send C 5; receive S 9; receive S 9
        both | a few bytes back                             | pair; send S 5; receive C 9; receive C 9
        both | byte by byte                                 | pair; send C 3; receive S 1; receive S 1; receive S 1; receive S 1
        both | two sends, one receive                       | pair; send C 3; send C 4; receive S 9; receive S 9
        both | two sends, receives across                   | pair; send C 3; send C 4; receive S 5; receive S 5
        both | both ways at once                            | pair; send C 3; send S 4; receive C 9; receive S 9
        both | sixty thousand bytes                         | pair; send C 60000; receive S 60000; receive S 1
        both | many sends, one receive                      | pair; send C 1000; send C 1000; send C 1000; send C 1000; receive S 5000
        both | nothing sent                                 | pair; send C 0; receive S 8; send C 4; send C 0; receive S 8
        both | nothing sent after the peer closed           | pair; close S; send C 0; send C 1; send C 0
        both | nothing sent after the peer reset            | pair; reset S; send C 0; send C 0; receive C 8
        both | nothing sent after shut down                 | pair; shutdown C; send C 0
        both | nothing sent before anything is accepted     | listen L; connect C L; send C 0; accept S L
        both | gathered                                     | pair; gather C 3,4,5; receive S 20
        both | gathered with nothing between                | pair; gather C 3,0,5; receive S 20
        both | gathered nothing                             | pair; gather C 0,0; receive S 20
        both | gathered sixty-four                          | pair; gather C 64x7; receive S 1000
        both | gathered after the peer closed               | pair; close S; gather C 3,4; gather C 3,4
        both | the peer closes                              | pair; close S; receive C 8; receive C 8
        both | the peer closes after sending                | pair; send S 5; close S; receive C 3; receive C 3; receive C 3; receive C 3
        both | the peer closes, we send                     | pair; close S; send C 3; send C 3; send C 3
        both | the peer closes, we send and receive         | pair; close S; send C 3; receive C 8; receive C 8; send C 3
        both | the peer closes, we receive, send, receive   | pair; close S; receive C 8; send C 3; receive C 8; send C 3; receive C 8
        both | the peer sends and closes, we send           | pair; send S 5; close S; send C 3; receive C 8; receive C 8; send C 3
        both | the peer closes, we shut down                | pair; close S; shutdown C; receive C 8; send C 3; shutdown C
        both | the peer closes, we send and shut down       | pair; close S; send C 3; shutdown C; receive C 8; send C 3
        both | the peer closes, we close                    | pair; close S; close C
        both | the peer closes, we reset                    | pair; close S; reset C
        both | the peer closes with bytes unread            | pair; send C 5; close S; receive C 8; receive C 8; send C 3
        both | the peer closes with bytes unread, we send   | pair; send C 5; close S; send C 3; send C 3; receive C 8
        both | the peer closes with bytes unread, it sent   | pair; send C 5; send S 4; close S; receive C 8; receive C 8; receive C 8
        both | the peer closes with bytes unread, it ended  | pair; send C 5; shutdown S; close S; receive C 8; receive C 8; send C 3; send C 3
        both | the peer closes with bytes unread, we ended  | pair; send C 5; shutdown C; close S; receive C 8; receive C 8; send C 3
        both | the peer closes with bytes half read         | pair; send C 5; receive S 2; close S; receive C 8; receive C 8
        both | the peer closes with bytes read              | pair; send C 5; receive S 5; close S; receive C 8; receive C 8
        both | the peer closes with the end unread          | pair; shutdown C; close S; receive C 8; send C 3
        both | both ended, the peer closes with unread      | pair; send C 5; shutdown C; shutdown S; close S; receive C 8; receive C 8
        both | the peer resets                              | pair; reset S; receive C 8; receive C 8; send C 3
        both | the peer resets, we send                     | pair; reset S; send C 3; send C 3; receive C 8
        both | the peer resets, we shut down                | pair; reset S; shutdown C; receive C 8; shutdown C
        both | the peer resets, we close                    | pair; reset S; close C
        both | the peer resets, we reset                    | pair; reset S; reset C
        both | the peer resets, bytes for us unread         | pair; send S 5; reset S; receive C 3; receive C 8; receive C 8; receive C 8
        both | the peer resets, bytes for us unread, send   | pair; send S 5; reset S; send C 3; receive C 8; receive C 8
        both | the peer resets with bytes unread            | pair; send C 5; reset S; receive C 8; receive C 8; send C 3
        both | the peer resets, both had sent               | pair; send C 5; send S 6; reset S; receive C 8; receive C 8; receive C 8
        both | the peer ends, then resets                   | pair; shutdown S; reset S; receive C 8; receive C 8; send C 3; send C 3
        both | the peer ends, we see it, it resets          | pair; shutdown S; receive C 8; reset S; receive C 8; send C 3; receive C 8; send C 3
        both | the peer ends, then resets, we shut down     | pair; shutdown S; reset S; shutdown C; receive C 8; send C 3
        both | the peer sends, ends, resets                 | pair; send S 5; shutdown S; reset S; receive C 8; receive C 8; send C 3
        both | we end, the peer resets                      | pair; shutdown C; reset S; receive C 8; receive C 8; send C 3
        both | we end, the peer sees it and resets          | pair; shutdown C; receive S 8; reset S; receive C 8; send C 3; receive C 8
        both | both ended, then reset                       | pair; shutdown C; shutdown S; reset S; receive C 8; send C 3
        both | both ended the other way, then reset         | pair; shutdown S; shutdown C; reset S; receive C 8; send C 3
        both | end                                          | pair; shutdown C; receive S 8; receive S 8
        both | end after bytes                              | pair; send C 5; shutdown C; receive S 3; receive S 8; receive S 8
        both | end, then send                               | pair; shutdown C; send C 3; send C 3; receive C 8
        both | end, the peer goes on sending                | pair; shutdown C; send S 5; receive C 8; send S 6; receive C 8
        both | end with bytes both ways                     | pair; send C 4; shutdown C; send S 5; receive S 8; receive S 8; receive C 8; shutdown S; receive C 8
        both | end twice                                    | pair; shutdown C; shutdown C; receive S 8
        both | end both ways, client first                  | pair; shutdown C; shutdown S; receive C 8; receive S 8
        both | end both ways, server first                  | pair; shutdown S; shutdown C; receive C 8; receive S 8
        both | end both ways, then again                    | pair; shutdown C; shutdown S; shutdown C; shutdown S
        both | end both ways, then send                     | pair; shutdown C; shutdown S; send C 3; send S 3
        both | end both ways, bytes unread                  | pair; send C 4; send S 5; shutdown C; shutdown S; receive C 8; receive C 8; receive S 8; receive S 8
        both | end both ways, one closes                    | pair; shutdown C; shutdown S; close S; receive C 8; send C 3; shutdown C
        both | end both ways, both close                    | pair; shutdown C; shutdown S; close S; close C
        both | end, the peer closes                         | pair; shutdown C; close S; receive C 8; send C 3; shutdown C
        both | end, the peer sends and closes               | pair; shutdown C; send S 5; close S; receive C 3; receive C 8; receive C 8
        both | end, then close, the peer sends              | pair; shutdown C; close C; send S 3; send S 3; receive S 8
        both | end, then close, the peer receives           | pair; send C 4; shutdown C; close C; receive S 8; receive S 8; send S 3; send S 3
        both | end, then reset                              | pair; send C 4; shutdown C; reset C; receive S 8; receive S 8; send S 3
        both | close both at once                           | pair; send C 4; send S 5; close C; close S
        both | close, the peer's bytes come after           | pair; close C; send S 3; receive S 8; send S 3
        both | close, the peer ends                         | pair; close C; shutdown S; receive S 8; send S 3; shutdown S; close S
        both | reset by the client                          | pair; reset C; receive S 8; receive S 8; send S 3
        both | reset of a quiet one that was used           | pair; send C 5; receive S 8; send S 5; receive C 8; reset C; receive S 8; receive S 8
        both | two pairs do not mix                         | pair; pair 2; send C 4; send C2 5; receive S 8; receive S2 8; reset S; receive C 8; send S2 6; receive C2 8
        both | a new one after a reset                      | pair; reset S; receive C 8; close C; connect D L; accept T L; send D 4; receive T 8
        both | a number used again                          | pair; close S; connect D L; accept T L; receive C 8; send D 4; receive T 8; receive C 8
        """;
}
