export default function Page() { return "Quayside"; }
