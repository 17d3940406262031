using Akka.Actor;
using Akka.Subset.Tests.Support;

namespace Akka.Subset.Persistence.Tests.Support;

/// <summary>A test with a system whose journal is a <see cref="TestJournal"/>.</summary>
public abstract class PersistenceTest : ActorTest
{
    private const string Plugins =
        """
        akka.persistence {
          journal { plugin = "akka.persistence.journal.test", test.class = "Akka.Subset.Persistence.Tests.Support.TestJournal" }
          snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """;

    protected PersistenceTest(string config = "")
        : base(Plugins + "\n" + config)
    {
    }

    protected Journal Seen { get; } = new();

    private IActorRef TestJournalRef => Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(null);

    protected Task Tell(object request) => Soon(TestJournalRef.Ask<Done>(request));

    protected Task<int> CountReplays() => Soon(TestJournalRef.Ask<int>(new TestJournal.CountReplays()));

    protected IActorRef NewLedger(string id = "ledger")
    {
        var seen = Seen;
        return Sys.ActorOf(Props.Create(() => new Ledger(id, seen)));
    }

    /// <summary>Waits until an actor has handled all it was sent by this test.</summary>
    protected static Task Settle(IActorRef actor) => Soon(actor.Ask<string>("echo settled"));

    /// <summary>Ends an actor when it has handled all and starts another one with its data.</summary>
    protected async Task<IActorRef> Reopen(IActorRef ledger, string id = "ledger")
    {
        await Settle(ledger);
        await StopAndWait(ledger);
        Seen.Clear();
        return NewLedger(id);
    }
}
