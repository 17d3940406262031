using System.IO.Enumeration;

namespace Akka.Actor;

/// <summary>A path, perhaps with wildcards, that is looked up each time a message is sent.</summary>
public class ActorSelection : ICanTell
{
    /// <summary>Creates a selection below <paramref name="anchor"/>.</summary>
    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path.Split('/', StringSplitOptions.RemoveEmptyEntries))
    {
    }

    /// <summary>Creates a selection below <paramref name="anchor"/>.</summary>
    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
        : this(anchor, [.. elements.Select(Parse)])
    {
    }

    /// <summary>Creates a selection below <paramref name="anchor"/>.</summary>
    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    /// <summary>Where the path begins.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The path.</summary>
    public SelectionPathElement[] Path { get; }

    /// <summary>The path as text.</summary>
    public string PathString => "/" + string.Join('/', Path.Select(element => element.ToString()));

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender = null)
    {
        if (message is null)
        {
            throw new InvalidMessageException();
        }

        Deliver((IInternalActorRef)Anchor, 0, message, sender ?? ActorCell.Current?.Self, hasFork: false);
    }

    /// <summary>Returns the actor at the path.</summary>
    /// <exception cref="ActorNotFoundException">There is none, or it did not answer in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>Returns the actor at the path.</summary>
    /// <exception cref="ActorNotFoundException">There is none, or it did not answer in time.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        ActorIdentity identity;
        try
        {
            identity = await this.Ask<ActorIdentity>(new Identify(this), timeout, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ActorNotFoundException($"[{this}] did not answer", e);
        }

        return identity.Subject ?? throw new ActorNotFoundException($"There is no actor at [{this}]");
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorSelection other && Equals(other);

    /// <summary>Whether both begin at the same actor and have the same path.</summary>
    protected bool Equals(ActorSelection other) =>
        Equals(Anchor, other.Anchor) && PathString == other.PathString;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";

    private void Deliver(IInternalActorRef from, int step, object message, IActorRef? sender, bool hasFork)
    {
        for (; step < Path.Length; step++)
        {
            IInternalActorRef[] found = [.. Path[step].Find(from)];
            switch (found.Length)
            {
                case 0 when hasFork:
                    // On one of several ways nobody need be at the end.
                    return;
                case 0:
                    TellNobody(message, sender);
                    return;
                case 1:
                    from = found[0];
                    break;
                default:
                    foreach (var next in found)
                    {
                        Deliver(next, step + 1, message, sender, hasFork: true);
                    }

                    return;
            }
        }

        from.Tell(message, sender);
    }

    private void TellNobody(object message, IActorRef? sender)
    {
        var provider = Futures.ProviderOf(this);
        var path = Path.Aggregate(
            Anchor.Path,
            (current, element) => element is SelectParent ? current.Parent ?? current : current / element.ToString()!);
        new EmptyLocalActorRef(provider, path, provider.SystemImpl.EventStream).Tell(message, sender);
    }

    private static SelectionPathElement Parse(string element) => element switch
    {
        ".." => SelectParent.Instance,
        _ when element.AsSpan().ContainsAny('*', '?') => new SelectChildPattern(element),
        _ => new SelectChildName(element),
    };
}

/// <summary>One step of a selection.</summary>
public abstract class SelectionPathElement
{
    private protected SelectionPathElement()
    {
    }

    internal abstract IEnumerable<IInternalActorRef> Find(IInternalActorRef from);
}

/// <summary>The child of a name.</summary>
public class SelectChildName : SelectionPathElement
{
    /// <summary>Creates the step.</summary>
    public SelectChildName(string name)
    {
        Name = name;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal override IEnumerable<IInternalActorRef> Find(IInternalActorRef from) =>
        from.GetSingleChild(Name) is var child and not Nobody ? [child] : [];
}

/// <summary>The children whose names fit a pattern with * and ?, whatever the case of the letters.</summary>
public class SelectChildPattern : SelectionPathElement
{
    /// <summary>Creates the step.</summary>
    public SelectChildPattern(string patternStr)
    {
        PatternStr = patternStr;
    }

    /// <summary>The pattern.</summary>
    public string PatternStr { get; }

    /// <inheritdoc/>
    public override string ToString() => PatternStr;

    internal override IEnumerable<IInternalActorRef> Find(IInternalActorRef from) =>
        from.ListChildren().Where(child =>
            FileSystemName.MatchesSimpleExpression(PatternStr, child.Path.Name, ignoreCase: true));
}

/// <summary>The parent.</summary>
public class SelectParent : SelectionPathElement
{
    /// <summary>The step.</summary>
    public static readonly SelectParent Instance = new();

    /// <inheritdoc/>
    public override string ToString() => "..";

    internal override IEnumerable<IInternalActorRef> Find(IInternalActorRef from) =>
        from.Parent is var parent and not Nobody ? [parent] : [];
}
