using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The children. Other threads may look for children and, at the top level, add some.</summary>
internal sealed partial class ActorCell
{
    private static readonly Lock[] Locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    private ChildTable? _children;
    private bool _takesNoChildren;

    // What the parent keeps about this cell; only the parent's turns touch it.
    internal bool StopRequested { get; set; }

    internal RestartStats Restarts;

    // One lock for many cells saves an object for each. Nothing is called while one is held.
    private Lock ChildrenLock => Locks[(int)(_self.Path.Uid & 63)];

    private bool IsRestarting => _children is { Waiting: WaitReason.Recreation or WaitReason.Creation };

    public IActorRef Child(string name) => FindChild(name);

    public IEnumerable<IActorRef> GetChildren() => ListChildren();

    public void Stop(IActorRef child)
    {
        if (child is not LocalActorRef local)
        {
            return;
        }

        if (IsMyChild(local) && !local.Cell.StopRequested)
        {
            local.Cell.StopRequested = true;
            _children!.Dying++;
        }

        local.Cell.SendSystemMessage(new Terminate());
    }

    internal LocalActorRef MakeChild(Props props, string? name, bool isUserName)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (isUserName && name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]: a name is not empty, does not start with $, and has ASCII letters, "
                + $"digits and {ActorPath.ValidSymbols} only");
        }

        var uid = NewUid();
        LocalActorRef child;
        lock (ChildrenLock)
        {
            if (_takesNoChildren)
            {
                throw new InvalidOperationException(
                    $"Cannot create a child of [{_self}] while it is terminating or terminated");
            }

            _children ??= new ChildTable();
            name ??= _children.NextName();
            if (_children.ByName.TryGetValue(name, out var sibling) && !sibling.Cell.IsTerminated)
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            }

            child = new LocalActorRef(_system, props, _self, new ChildActorPath(_self.Path, name, uid));
            _children.ByName[name] = child;
            _children.Count++;
        }

        child.Cell.SendSystemMessage(new Create());
        return child;
    }

    internal IInternalActorRef FindChild(string name)
    {
        lock (ChildrenLock)
        {
            return _children is not null && _children.ByName.TryGetValue(name, out var child)
                ? child
                : ActorRefs.Nobody;
        }
    }

    internal IReadOnlyList<LocalActorRef> ListChildren()
    {
        lock (ChildrenLock)
        {
            return _children is null ? [] : [.. _children.ByName.Values];
        }
    }

    internal bool IsMyChild(LocalActorRef child) =>
        ReferenceEquals(child.Cell._parent, _self) && !child.Cell._leftParent;

    internal void StopChildren(bool unwatch)
    {
        foreach (var child in ListChildren())
        {
            if (unwatch)
            {
                Unwatch(child);
            }

            Stop(child);
        }
    }

    // Set by the parent when it has seen the end of this cell.
    private bool _leftParent;

    private void SuspendChildren(LocalActorRef? except)
    {
        if (_children is null)
        {
            return;
        }

        foreach (var child in ListChildren())
        {
            if (!ReferenceEquals(child, except))
            {
                child.Cell.SendSystemMessage(new Suspend());
            }
        }
    }

    private void ResumeChildren(Exception? causedByFailure, LocalActorRef? failedChild)
    {
        if (_children is null)
        {
            return;
        }

        foreach (var child in ListChildren())
        {
            child.Cell.SendSystemMessage(
                new Resume(ReferenceEquals(child, failedChild) ? causedByFailure : null));
        }
    }

    /// <summary>Says what happens when the stopping children are gone; false when there are none.</summary>
    private bool WaitForChildren(WaitReason reason, Exception? cause)
    {
        if (_children is not { Dying: > 0 } children)
        {
            return false;
        }

        children.Waiting = reason;
        children.RecreateCause = cause;
        return true;
    }

    private void ChildTerminated(LocalActorRef child)
    {
        var children = _children!;
        child.Cell._leftParent = true;
        lock (ChildrenLock)
        {
            children.Count--;
            if (children.ByName.TryGetValue(child.Path.Name, out var named) && ReferenceEquals(named, child))
            {
                children.ByName.Remove(child.Path.Name);
            }
        }

        if (!child.Cell.StopRequested || --children.Dying > 0)
        {
            return;
        }

        var reason = children.Waiting;
        children.Waiting = WaitReason.None;
        switch (reason)
        {
            case WaitReason.Recreation:
                FinishRecreate(children.RecreateCause!);
                break;
            case WaitReason.Creation:
                FinishCreate();
                break;
            case WaitReason.Termination:
                FinishTerminate();
                break;
        }
    }

    private static long NewUid() => Random.Shared.Next(1, int.MaxValue);
}

/// <summary>Why an actor waits for children to end.</summary>
internal enum WaitReason
{
    None,
    Creation,
    Recreation,
    Termination,
}

/// <summary>The children of a cell.</summary>
internal sealed class ChildTable
{
    private long _lastName;

    internal Dictionary<string, LocalActorRef> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>Children whose end has not been seen.</summary>
    internal int Count { get; set; }

    /// <summary>Those among them that have been told to stop.</summary>
    internal int Dying { get; set; }

    internal WaitReason Waiting { get; set; }

    internal Exception? RecreateCause { get; set; }

    internal string NextName() => AutomaticName.Create(_lastName++);
}
