using System.Reflection;
using Xunit;

namespace Akka.Subset.Tests.Support;

/// <summary>
/// What Akka.NET's actors do and these must do too. A test carries the numbers of what it shows as trait, so that
/// <c>dotnet test --filter Semantics=2c</c> runs what shows 2c; each number has a test.
/// </summary>
public static class Semantics
{
    /// <summary>The name of the trait.</summary>
    public const string Trait = "Semantics";

    public static readonly IReadOnlyDictionary<string, string> Clauses = new Dictionary<string, string>
    {
        ["1a"] = "A message arrives at most once; none is lost on the way between two living actors of a process.",
        ["1b"] = "Messages of one sender arrive at one receiver in the order in which they were sent.",

        ["2a"] = "A restart keeps the reference, the path and the uid.",
        ["2b"] = "A restart keeps the mailbox.",
        ["2c"] = "The message at which an actor failed is not delivered again.",
        ["2d"] = "PreRestart is given the cause and the message; by default it stops all children and calls PostStop.",
        ["2e"] = "The new instance is created when all children have ended.",
        ["2f"] = "PostRestart calls PreStart by default; then the remaining messages are handled.",

        ["3a"] = "An actor that is stopped finishes the message it is handling.",
        ["3b"] = "Children stop first, then the actor's PostStop runs, then its watchers are told.",
        ["3c"] = "What is left in the mailbox of an actor that ends becomes dead letters.",
        ["3d"] = "Stop overtakes queued messages.",
        ["3e"] = "PoisonPill is handled in its turn.",
        ["3f"] = "Kill makes the actor fail with an ActorKilledException in its turn.",

        ["4a"] = "Watch, unwatch, stop and the failure of a child are handled before queued messages.",
        ["4b"] = "A suspended actor handles no message until its supervisor has decided.",
        ["4c"] = "A suspended actor can be watched, unwatched and stopped.",
        ["4d"] = "The children of a failed actor are suspended with it.",

        ["5a"] = "A watcher is told of an end exactly once.",
        ["5b"] = "Whoever watches a dead actor is told at once, without confirmation that it existed.",
        ["5c"] = "WatchWith delivers its message instead of Terminated.",
        ["5d"] = "An unhandled Terminated makes the actor fail with a DeathPactException, at which it is stopped.",
        ["5e"] = "After an unwatch no end is told, even where it was queued already.",

        ["6a"] = "The default decider stops at failed creation, Kill and a broken death pact, else it restarts.",
        ["6b"] = "The default strategy is one for one, without a limit of restarts.",
        ["6c"] = "Of two restarts allowed in a window the third failure stops the actor.",
        ["6d"] = "A child whose constructor fails is stopped and its watchers are told.",

        ["7a"] = "UnstashAll puts the messages in their order in front of the mailbox.",
        ["7b"] = "At a restart the stash is put in front of the mailbox.",
        ["7c"] = "Stashing a message twice is an IllegalActorStateException.",

        ["8a"] = "No other message is handled while a handler awaits.",
        ["8b"] = "Sender, Self and Context are the same after an await.",
        ["8c"] = "An exception before or after an await goes to the supervisor.",

        ["9a"] = "BecomeStacked and UnbecomeStacked push and pop; Become replaces.",
        ["9b"] = "The bottom of the stack cannot be popped.",
        ["9c"] = "A restart returns to the first behaviour.",

        ["10a"] = "A name is unique among siblings, until its actor has ended.",
        ["10b"] = "A name with a slash or a dollar in front is refused; names given by the system begin with a dollar.",
        ["10c"] = "A new incarnation has the path, another uid, and is not equal to the old one.",
        ["10d"] = "A path prints as akka://system/user/name, a reference as [akka://system/user/name#uid].",

        ["11a"] = "A message that is not handled is published as UnhandledMessage.",
        ["11b"] = "A message to a dead actor is published as DeadLetter with message, sender and recipient.",
        ["11c"] = "PoisonPill, Terminated and others of their kind are suppressed dead letters.",
        ["11d"] = "Sending null is refused.",
        ["11e"] = "The event stream delivers to all who subscribed to a type that the event can be assigned to.",
        ["11f"] = "A second subscription to the same type changes nothing and returns false.",

        ["12a"] = "Without a timeout an ask waits for ever, or as long as akka.actor.ask-timeout says.",
        ["12b"] = "An ask without an answer in time fails with an AskTimeoutException.",
        ["12c"] = "A cancelled ask is cancelled.",
        ["12d"] = "A Status.Failure as answer throws its cause.",
        ["12e"] = "An answer of another type is an ArgumentException.",
        ["12f"] = "A late answer is a dead letter.",

        ["13a"] = "PipeTo sends the result of a task, or its failure as Status.Failure.",
        ["13b"] = "What is piped has the sender that was given, or none.",

        ["14a"] = "Cancelling or replacing a timer suppresses its message that is queued already.",
        ["14b"] = "All timers end with a restart and with the actor, and their messages that are queued already too.",
        ["14c"] = "ReceiveTimeout comes again and again while the actor is idle.",
        ["14d"] = "A message that is INotInfluenceReceiveTimeout does not begin the receive timeout anew.",

        ["15a"] = "Context outside of an actor is a NotSupportedException.",
        ["15b"] = "An actor made with new is an ActorInitializationException.",

        ["16a"] = "Commands wait until the handler of a persisted event has run.",
        ["16b"] = "PersistAll stores all or nothing; its handlers run in order before the next command.",
        ["16c"] = "PersistAsync does not make commands wait.",
        ["16d"] = "Recovery is the snapshot, then later events, then RecoveryCompleted, then commands.",
        ["16e"] = "A failed write calls OnPersistFailure and stops the actor.",
        ["16f"] = "A rejected write calls OnPersistRejected and the actor goes on.",
        ["16g"] = "A failed recovery calls OnRecoveryFailure and stops the actor.",

        ["17a"] = "The phases of the coordinated shutdown run in their order.",
        ["17b"] = "A phase has five seconds where nothing else is said, and is left behind when it takes longer.",
    };

    private const int Lines = 17;

    /// <summary>Requires a test in an assembly for each clause of these lines, and of no others.</summary>
    public static void RequireTests(Assembly assembly, Func<int, bool> isShownHere)
    {
        var shown = assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(ClausesOf).ToHashSet();
        var expected = Clauses.Keys.Where(clause => isShownHere(LineOf(clause))).ToHashSet();
        Assert.True(expected.IsSubsetOf(shown), $"without a test: {string.Join(", ", expected.Except(shown))}");
        Assert.True(shown.IsSubsetOf(expected), $"not among the clauses: {string.Join(", ", shown.Except(expected))}");
        Assert.Equal(Enumerable.Range(1, Lines), Clauses.Keys.Select(LineOf).Distinct());
    }

    private static int LineOf(string clause) => int.Parse(clause[..^1]);

    private static IEnumerable<string> ClausesOf(MethodInfo method) =>
        method.GetCustomAttribute<FactAttribute>() is { Skip: null }
            ? method.GetCustomAttributesData()
                .Where(data => data.AttributeType == typeof(TraitAttribute))
                .Where(data => data.ConstructorArguments[0].Value is Trait)
                .Select(data => (string)data.ConstructorArguments[1].Value!)
            : [];
}
