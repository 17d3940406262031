namespace Lb.Pbm.Editing;

/// <summary>What a key does to the line.</summary>
internal enum EditKey
{
    None,
    Text,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Backspace,
    Delete,
    CutWord,
    CutToStart,
    CutToEnd,
    Paste,
    Older,
    Newer,
    Complete,
    Clear,
    Accept,
    Abandon,
    DeleteOrLeave,
}

/// <summary>A key that was struck.</summary>
/// <param name="Key">What it does.</param>
/// <param name="Text">For <see cref="EditKey.Text"/>.</param>
internal readonly record struct KeyStroke(EditKey Key, string Text = "")
{
    /// <summary>The meaning of a console's key: the cursor keys, and the control keys that shells have.</summary>
    public static KeyStroke From(ConsoleKeyInfo key)
    {
        bool isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        bool isAlt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        EditKey known = isControl || isAlt ? Modified(key.Key, isControl) : Plain(key.Key);
        bool isText = known == EditKey.None && !isAlt && !char.IsControl(key.KeyChar);
        return isText ? new KeyStroke(EditKey.Text, key.KeyChar.ToString()) : new KeyStroke(known);
    }

    private static EditKey Plain(ConsoleKey key) => key switch
    {
        ConsoleKey.LeftArrow => EditKey.Left,
        ConsoleKey.RightArrow => EditKey.Right,
        ConsoleKey.Home => EditKey.Home,
        ConsoleKey.End => EditKey.End,
        ConsoleKey.Backspace => EditKey.Backspace,
        ConsoleKey.Delete => EditKey.Delete,
        ConsoleKey.UpArrow => EditKey.Older,
        ConsoleKey.DownArrow => EditKey.Newer,
        ConsoleKey.Tab => EditKey.Complete,
        ConsoleKey.Enter => EditKey.Accept,
        _ => EditKey.None,
    };

    private static EditKey Modified(ConsoleKey key, bool isControl) => (key, isControl) switch
    {
        (ConsoleKey.LeftArrow, _) or (ConsoleKey.B, false) => EditKey.WordLeft,
        (ConsoleKey.RightArrow, _) or (ConsoleKey.F, false) => EditKey.WordRight,
        (ConsoleKey.Backspace, _) or (ConsoleKey.W, true) => EditKey.CutWord,
        (ConsoleKey.A, true) => EditKey.Home,
        (ConsoleKey.E, true) => EditKey.End,
        (ConsoleKey.B, true) => EditKey.Left,
        (ConsoleKey.F, true) => EditKey.Right,
        (ConsoleKey.H, true) => EditKey.Backspace,
        (ConsoleKey.U, true) => EditKey.CutToStart,
        (ConsoleKey.K, true) => EditKey.CutToEnd,
        (ConsoleKey.Y, true) => EditKey.Paste,
        (ConsoleKey.P, true) => EditKey.Older,
        (ConsoleKey.N, true) => EditKey.Newer,
        (ConsoleKey.L, true) => EditKey.Clear,
        (ConsoleKey.J, true) or (ConsoleKey.M, true) => EditKey.Accept,
        (ConsoleKey.I, true) => EditKey.Complete,
        (ConsoleKey.C, true) => EditKey.Abandon,
        (ConsoleKey.D, true) => EditKey.DeleteOrLeave,
        _ => EditKey.None,
    };
}
