using NetLoop.Messaging;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>The loop adds to the inbox while the handlers' thread takes from it.</summary>
internal static class InboxScenarios
{
    [Scenario]
    public static void Inbox_FullByMessages_CallsForRoom() => AddAndTake(count: 3, bytes: 0, maxMessages: 1, maxBytes: 1000);

    [Scenario]
    public static void Inbox_FullByMessages_CallsForRoomAtTheHalf() => AddAndTake(count: 6, bytes: 0, maxMessages: 3, maxBytes: 1000);

    [Scenario]
    public static void Inbox_FullByBytes_CallsForRoom() => AddAndTake(count: 3, bytes: 10, maxMessages: 100, maxBytes: 10);

    /// <summary>Room for one more message means that neither limit is exceeded by more than one message.</summary>
    [Scenario]
    public static void Inbox_Emptied_TellsTheLoop()
    {
        var side = new HandlersSide(maxMessages: 8, maxBytes: 1000);
        var reader = new Thread(side.TakeUntilOver);
        reader.Start();
        for (int round = 0; round < 2; round++)
        {
            side.Add(round, 1);
            side.Publish();
            while (!side.Inbox.IsEmpty)
            {
                side.Room.Wait();
            }

            Expect.That(side.Delivered == round + 1, $"{side.Delivered} delivered, but the inbox is empty");
        }

        side.Complete();
        reader.Join();
    }

    /// <summary>Control envelopes do not count against the limit; those that do not fit into the channel wait until it has room.</summary>
    [Scenario]
    public static void Inbox_ControlEnvelopesBeyondTheLimit_ArriveInOrder()
    {
        var side = new HandlersSide(maxMessages: 1, maxBytes: 1000);
        var reader = new Thread(side.TakeUntilOver);
        reader.Start();
        for (int i = 0; i < 4; i++)
        {
            side.Add(i, 1);
            side.Publish();
        }

        side.Complete();
        reader.Join();
        Expect.That(side.Delivered == 4, $"{side.Delivered} of 4 delivered");
    }

    private static void AddAndTake(int count, int bytes, int maxMessages, int maxBytes)
    {
        var side = new HandlersSide(maxMessages, maxBytes);
        var reader = new Thread(side.TakeUntilOver);
        reader.Start();
        for (int i = 0; i < count; i++)
        {
            while (!side.Inbox.HasRoom)
            {
                side.Room.Wait();
            }

            Expect.That(side.Inbox.Depth < maxMessages && side.Inbox.HeldBytes < maxBytes, "more than allowed is inside");
            side.Add(i, bytes);
            side.Publish();
        }

        side.Complete();
        reader.Join();
        Expect.That(side.Delivered == count && side.Inbox.Depth == 0 && side.Inbox.HeldBytes == 0, "something is left inside");
    }

    private sealed class HandlersSide
    {
        private readonly Signal _batches = new();

        public HandlersSide(int maxMessages, int maxBytes) => Inbox = new Inbox(maxMessages, maxBytes, Room.Set);

        public Signal Room { get; } = new();

        public Inbox Inbox { get; }

        public int Delivered { get; private set; }

        public void Add(int number, long bytes) => Inbox.Add(new CountedEnvelope(number, bytes, Deliver));

        public void Publish()
        {
            Inbox.Publish();
            _batches.Set();
        }

        public void Complete()
        {
            while (!Inbox.TryComplete())
            {
                _batches.Set();
                Room.Wait();
            }

            _batches.Set();
        }

        public void TakeUntilOver()
        {
            while (!Inbox.IsOver)
            {
                _batches.Wait();
                while (Inbox.TryTake(out EnvelopeBatch? batch))
                {
                    long bytes = 0;
                    foreach (Envelope envelope in batch.Envelopes)
                    {
                        bytes += envelope.ChargedBytes;
                        envelope.Deliver();
                    }

                    Inbox.Done(batch, bytes);
                }
            }
        }

        private void Deliver(int number)
        {
            Expect.That(number == Delivered, $"{number} came after {Delivered} others");
            Delivered++;
        }
    }
}
