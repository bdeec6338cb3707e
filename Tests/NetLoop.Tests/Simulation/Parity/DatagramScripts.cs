namespace NetLoop.Tests.Simulation.Parity;

/// <summary>UDP sockets: what arrives, what is refused, what is dropped, and who may hold a port.</summary>
internal static class DatagramScripts
{
    public const string Table = """
        udp | nothing to receive                           | bind B; take B
        udp | one                                          | bind B; bind C near; put C 5 to B; take B; take B
        udp | two keep their boundaries                    | bind B; bind C near; put C 5 to B; put C 7 to B; take B
        udp | a batch                                      | bind B; bind C near; put C 5,6,7,7,7,3 to B; take B
        udp | a large batch                                | bind B; dial C B; put C 64x100; take B
        udp | an empty one                                 | bind B; bind C near; put C 0 to B; take B; take B
        udp | an empty one between others                  | bind B; bind C near; put C 3,0,4 to B; take B
        udp | empty ones only                              | bind B; dial C B; put C 0,0,0; take B; put B 0 to C; take C
        udp | an answer                                    | bind B; bind C near; put C 5 to B; take B; put B 6 to C; take C
        udp | an answer to a connected one                 | bind B; dial C B; put C 5; take B; put B 6 to C; take C
        udp | to itself                                    | bind B; put B 5 to B; take B
        udp | several senders, one socket                  | bind B; bind C near; dial D B; bind E; put C 3 to B; put D 4; put E 5 to B; take B
        udp | a connected one hears its peer alone         | bind B; dial C B; bind D; put D 3 to C; take C; put B 4 to C; take C
        udp | connected ones share a peer                  | bind B; dial C B; dial D B; put C 3; put D 4; take B; put B 5 to D; take C; take D
        udp | refused, seen by a receive                   | bind B; dial C B; close B; put C 3; take C; take C
        udp | refused, seen by a send                      | bind B; dial C B; close B; put C 3; put C 3; put C 3
        udp | refused before what waits                    | bind B; dial C B; put B 5 to C; close B; put C 3; take C; take C
        udp | refused, watched for nothing                 | bind B; dial C B; interest C none; close B; put C 3; interest C both; take C
        udp | refused, watched for reading                 | bind B; dial C B; interest C read; close B; put C 3; take C
        udp | refused, watched for writing                 | bind B; dial C B; interest C write; close B; put C 3; take C
        udp | refused, then somebody binds the port        | bind B; dial C B; close B; put C 3; take C; bind D port B; put C 4; take D; take C
        udp | connected to nobody                          | bind B; close B; dial C B; put C 0; take C
        udp | connected before somebody binds the port     | bind B; close B; dial C B; bind D port B; put C 4; take D; put D 5 to C; take C
        udp | silence for an unconnected one               | bind B; bind C near; close B; put C 3 to B; take C; put C 3 to B; take C
        udp | silence for an unconnected one, then answers | bind B; bind C near; close B; put C 3 to B; bind D port B; put C 4 to D; take D
        udp | the peer's process dies                      | bind B; dial C B; put C 5; crash; put C 3; take C
        udp | what waits dies with its socket              | bind B; bind C near; put C 5 to B; close B; bind D port B; take D
        udp | the answer to a closed one                   | bind B; bind C near; put C 5 to B; close C; put B 6 to C; take B; put B 6 to C; take B
        udp | two binders                                  | bind B; bind D port B
        udp | two binders, every interface after one       | bind B; bind D 0.0.0.0 port B
        udp | two binders, one after every interface       | bind B 0.0.0.0; bind D port B
        udp | two binders, dual stack after one            | bind B; bind D :: port B
        udp | two binders, after dual stack                | bind B ::; bind D port B; bind E ::1 port B; bind F 0.0.0.0 port B
        udp | two binders, one for each family             | bind B; bind D ::1 port B; bind C near; put C 3 to B; take B; take D
        udp | two binders, every IPv4 address and ::1      | bind B 0.0.0.0; bind D ::1 port B
        udp | two binders, other loopback addresses        | bind B; bind D 127.0.0.2 port B; bind C near; put C 3 to B; put C 4 to D; take B; take D
        udp | a port is free after a close                 | bind B; close B; bind D port B
        udp | the port of a connected one                  | bind B; dial C B; bind D near port C
        udp | the address of another machine               | bind B 203.0.113.9
        udp | every interface, by loopback                 | bind B 0.0.0.0; bind C near; put C 5 to B at 127.0.0.1; take B; put B 3 to C; take C
        udp | every interface, by no address               | bind B 0.0.0.0; bind C near; put C 5 to B; take B
        udp | IPv6                                         | bind B ::1; dial C B; put C 5; take B; put B 6 to C; take C
        udp | IPv6 refused                                 | bind B ::1; dial C B; close B; put C 3; take C; take C
        udp | IPv6 silence                                 | bind B ::1; bind C ::1 near; close B; put C 3 to B; take C
        udp | dual stack, both families                    | bind B ::; dial C 127.0.0.1 port B; dial D ::1 port B; put C 3; put D 4; take B;
            put B 5 to C; put B 6 to D; take C; take D
        udp | dual stack, IPv4 refused                     | bind B ::; dial C 127.0.0.1 port B; close B; put C 3; take C
        udp | another loopback address                     | bind B 127.0.0.7; dial C B; put C 3; take B; put B 4 to C; take C
        udp | the largest                                  | bind B; dial C B; put C 65507; take B
        udp | the largest, whole                           | bind B; dial C B whole; put C 65507; take B
        udp | too long                                     | bind B; dial C B; put C 65508; put C 3; take B
        udp | too long in a batch                          | bind B; dial C B; put C 3,65508,4; take B
        udp | too long at the head of a batch              | bind B; dial C B; put C 65508,3,4; take B
        udp | the largest over IPv6                        | bind B ::1; dial C B; put C 65527; take B
        udp | too long over IPv6                           | bind B ::1; dial C B; put C 65528; put C 3; take B
        udp | whole over IPv6                              | bind B ::1; dial C B whole; put C 65488; take B; put C 65489; take B
        udp | overflow of empty ones                       | bind B; dial C B; repeat 300 put C 0; take B; put C 1; take B
        udp | overflow of 180 bytes                        | bind B; dial C B; repeat 300 put C 180; take B; put C 1; take B
        udp | overflow of 200 bytes                        | bind B; dial C B; repeat 300 put C 200; take B
        udp | overflow of 1,200 bytes                      | bind B; dial C B; repeat 300 put C 1200; take B; put C 1; take B
        udp | overflow of 9,000 bytes                      | bind B; dial C B; repeat 300 put C 9000; take B
        udp | overflow of 60,000 bytes                     | bind B; dial C B; repeat 10 put C 60000; take B
        udp | overflow of a small buffer                   | bind B buffer 2048; dial C B; repeat 10 put C 1200; take B; repeat 10 put C 0; take B
        udp | overflow of another buffer                   | bind B buffer 65536; dial C B; repeat 300 put C 1200; take B
        udp | the sender of an overflow notices nothing    | bind B buffer 2048; dial C B; repeat 10 put C 1200; take C; put C 3
        udp | level-triggered                              | bind B; dial C B; put C 3,4; wake; wake; take B; wake
        udp | watched for nothing, one comes               | bind B; dial C B; interest B none; put C 3; interest B read; take B
        udp | watched for writing, one comes               | bind B; dial C B; interest B write; put C 3; take B
        udp | not watched, one comes                       | bind B; dial C B; unwatch B; put C 3; watch B read; take B
        udp | a closed number is another socket            | bind B; bind C near; close B; bind D; put C 3 to D; take D
        """;
}
