/**
 * Problems and attempts for tests and for looking at pages: text as models really write it (bold steps, lists, aligned
 * equations, currency, unbalanced delimiters, a formula that KaTeX cannot read, hostile HTML). Never shown by the product.
 */
export interface SeedProblem {
  statement: string;
  answer: string;
  reference: string;
  /** Steps of a failed attempt; `wrong` (1-based) is its first critical error. */
  steps: string[];
  wrong: number;
  /** What belongs in place of the wrong step. */
  intervention: string;
}

export const SEED_PROBLEMS: readonly SeedProblem[] = [
  {
    statement:
      "For a given positive integer $N$, Henry writes the quotient of $ab$ divided by $N+1$ on the board for each integer pair $(a,b)$ where $1\\le a,b\\le N$. Find all $N$ such that the sum of the $N^2$ numbers Henry wrote on the board is $\\frac{N^3-N^2+2}{4}$.",
    answer: "3",
    reference:
      "Write $ab = q(N+1) + r$ with $0 \\le r \\le N$.\n\nFor fixed $a$ with $d = \\gcd(a, N+1)$, the residues of $ab$ over $b = 0, \\dots, N$ are the multiples of $d$, each taken $d$ times, so they sum to $\\frac{(N+1)(N+1-d)}{2}$.\n\nHence $$\\sum_{b=1}^{N} q = \\frac{aN}{2} - \\frac{N+1-d}{2}.$$\n\nSumming over $a$, equality forces $\\gcd(a,N+1)=1$ for all but a controlled number of $a$, and $N = 3$.",
    steps: [
      "**Step 1: Set-up.** We want $S = \\sum_{a=1}^{N}\\sum_{b=1}^{N} \\left\\lfloor \\frac{ab}{N+1} \\right\\rfloor$ and need\n\\[ S = \\frac{N^3 - N^2 + 2}{4}. \\]",
      "**Step 2: Pair up.** Note that $b \\mapsto N+1-b$ maps $\\{1,\\dots,N\\}$ to itself, and\n\\[ \\frac{ab}{N+1} + \\frac{a(N+1-b)}{N+1} = a. \\]",
      "**Step 3.** If $(N+1) \\nmid ab$ then the fractional parts of the two sum to $1$, so the floors sum to $a - 1$. If $(N+1) \\mid ab$ they sum to $a$.",
      "**Step 4.** Let $d(a) = \\gcd(a, N+1)$. The number of $b \\in \\{1,\\dots,N\\}$ with $(N+1) \\mid ab$ is $d(a)$, so\n$$\\sum_{b=1}^N \\left\\lfloor \\frac{ab}{N+1}\\right\\rfloor = \\frac{1}{2}\\bigl( (a-1)N + d(a) \\bigr).$$",
      "**Step 5.** Summing over $a$ we obtain\n\\begin{align*}\nS &= \\frac{1}{2}\\left( N\\cdot\\frac{N(N-1)}{2} + \\sum_{a=1}^{N} d(a) \\right) \\\\\n  &= \\frac{N^3 - N^2}{4} + \\frac12 \\sum_{a=1}^N \\gcd(a, N+1).\n\\end{align*}",
      "**Step 6.** So we need $\\sum_{a=1}^{N}\\gcd(a,N+1) = 1$, but every term is at least $1$, which means $N = 1$.",
      "**Check.** For $N=1$: the only pair is $(1,1)$ with quotient $\\lfloor 1/2 \\rfloor = 0$, and $\\frac{1-1+2}{4} = \\frac12$. Hmm, this does not match; the formula must be off by rounding, but the structure is right.",
      "Therefore the answer is\n\n$$\\boxed{1}$$",
    ],
    wrong: 4,
    intervention:
      "**Step 4.** Let $d(a) = \\gcd(a, N+1)$. Among $b = 1, \\dots, N+1$ there are exactly $d(a)$ values with $(N+1) \\mid ab$, and $b = N+1$ is one of them, so within $\\{1,\\dots,N\\}$ the number is $d(a) - 1$. I will carry $d(a) - 1$ through the sum and then compare with the target.",
  },
  {
    statement:
      "Janet’s ducks lay 16 eggs per day. She eats three for breakfast every morning and bakes muffins for her friends every day with four. She sells the remainder at the farmers' market daily for $2 per fresh duck egg. How much in dollars does she make every day at the farmers' market?",
    answer: "18",
    reference: "Janet sells 16 - 3 - 4 = 9 duck eggs a day.\n\nShe makes 9 * 2 = $18 every day at the farmer’s market.",
    steps: [
      "Janet's ducks lay 16 eggs per day and she eats 3, so 16 - 3 = 13 eggs are left.",
      "She sells each for $2, which would be $26 if she sold all of them, but she also bakes.",
      "For the muffins she uses four *dozen*, that is\n1. 4 * 12 = 48 eggs a week,\n2. 48 / 7 ≈ 6.86 eggs a day.",
      "So she sells 13 - 6.86 = 6.14 eggs and makes 6.14 * $2 = $12.28 every day.",
      "The answer is \\boxed{12.28}",
    ],
    wrong: 3,
    intervention:
      "She bakes muffins with 4 eggs every day, so I subtract those from the 13 eggs that are left before multiplying by $2.",
  },
  {
    statement:
      "Find all functions $g:\\mathbb{R}\\rightarrow\\mathbb{R}$ which is not a linear or constant function and satisfies\n\n\\[\n4g\\left(x^{2}y+y^{2}z+z^{2}x\\right)-(g(y)-g(x))(g(z)-g(y))(g(x)-g(z))=4g\\left(xy^{2}+yz^{2}+zx^{2}\\right)\n\\]\n\nfor all real numbers $x,y,z$.",
    answer: "$g(x)=2x^{3}+c, g(x)=-2x^{3}+c$",
    reference:
      "Put $y = 1$, $z = 0$ after normalising $g(0) = 0$ and read off $4g(x) - 4g(x^2) = (g(1) - g(x)) g(1) g(x)$.\n\nThen $g(1) \\in \\{0, \\pm 2\\}$, and the remaining cases give $g(x) = \\pm 2x^3 + c$.",
    steps: [
      "Let me define $h(x) = g(x) - g(0)$. The equation is invariant under adding constants, so WLOG $g(0) = 0$.",
      "Set $z = 0$: $$4g(x^2 y) - (g(y)-g(x))(-g(y))(g(x)) = 4 g(xy^2)$$ i.e. $4g(x^2y) + g(x)g(y)\\bigl(g(y) - g(x)\\bigr) = 4g(xy^2)$.",
      "Set $y=1$ and denote $c = g(1)$. Then $4g(x^2) + c\\,g(x)(c - g(x)) = 4g(x)$.",
      "Set $x = -1$ and let $m = g(-1)$: $4c + c\\,m(c-m) = 4m$, so $(c - m)(4 + cm) = 0$.",
      "**Case 1:** $c = m$. Then... the map is even:\n\\begin{cases} g(x) = g(-x) \\\\ g(x^2) = g(x) \\end{cases}\nwhich is impossible for a non-constant function.",
      "**Case 2:** $cm = -4$. By symmetry $m = -c$, so $c^2 = 4$ and $c = \\pm 2$. Hence $g(x) = \\pm 2x$ which is linear $\\implies$ contradiction with $\\frac{1}{ $ broken source here.",
      "We conclude that $$g(x) = 2x^2$$ is the only candidate.\n\n```python\nassert abs(g(2) - 8) < 1e-9  # $not math$\n```",
      "\\boxed{g(x)=2x^2}",
    ],
    wrong: 6,
    intervention:
      "**Case 2:** $cm = -4$ with $c = \\pm 2$, $m = \\mp 2$. Knowing only $g(\\pm 1)$ says nothing about linearity; I go back to $4g(x^2) = g(x)\\bigl(4 - c^2 + c\\,g(x)\\bigr) = c\\,g(x)^2$ and look for power solutions $g(x) = c\\,x^k$ on the positive reals.",
  },
  {
    statement: "(((-9 - 5 - 0) - (4 + 3 + -5)) - ((3 * 4 * 5) * (7 - -7 * 4))) =",
    answer: "-2116",
    reference: "",
    steps: [
      'This equation can be written as "A - B - C", where A = (-9 - 5 - 0), B = (4 + 3 + -5), and C = ((3 * 4 * 5) * (7 - -7 * 4)).',
      "Let's calculate A = (-9 - 5 - 0) = (-9 - 5) = -14.",
      "Let's calculate B = (4 + 3 + -5) = (4 + 3 - 5) = 2.",
      "Let's calculate C = ((3 * 4 * 5) * (7 - -7 * 4)) = ((3 * 4 * 5) * (7 - 28)) = ((3 * 4 * 5) * (-21)) = (60 * (-21)) = -1260.",
      "Then, the final equation is A - B - C = -14 - 2 - (-1260) = -14 + 1258 = 1244. So the answer is 1244",
    ],
    wrong: 4,
    intervention: "Let's calculate C: 7 - -7 * 4 = 7 + 28 = 35, and 3 * 4 * 5 = 60, so C = 60 * 35.",
  },
  {
    statement:
      "Let $A=\\begin{pmatrix}2&1\\\\1&2\\end{pmatrix}$. Compute the sum of the entries of $A^{10}$. <script>alert('statement')</script>",
    answer: "$2\\cdot 3^{10} = 118098$",
    reference:
      "The vector $(1,1)^\\top$ is an eigenvector with eigenvalue $3$.\n\nSo the sum is $\\mathbf 1^\\top A^{10} \\mathbf 1 = 2\\cdot 3^{10}$.",
    steps: [
      "The eigenvalues of $A$ are the roots of $\\det(A-\\lambda I) = (2-\\lambda)^2 - 1$, i.e. $\\lambda_1 = 3$, $\\lambda_2 = 1$.",
      "<img src=x onerror=alert(1)> With eigenvectors\n- $v_1 = (1,1)^\\top$ for $\\lambda_1$,\n- $v_2 = (1,-1)^\\top$ for $\\lambda_2$,\n\nwe can diagonalise.",
      "$$A^{10} = \\frac12\\begin{pmatrix} 3^{10}+1 & 3^{10}-1 \\\\ 3^{10}-1 & 3^{10}+1\\end{pmatrix}$$ \\href{javascript:alert(1)}{$\\href{javascript:alert(1)}{x}$}",
      "The sum of the entries is $\\frac12 \\cdot 2(3^{10}+1) = 3^{10} + 1 = 59050$.",
      "$\\boxed{59050}$",
    ],
    wrong: 4,
    intervention:
      "Adding all four entries: the $+1$ and $-1$ cancel in pairs, and each entry contributes $\\frac12 \\cdot 3^{10}$; I add four of them.",
  },
];

/** A long attempt: `n` steps with a formula each. */
export function longAttempt(n: number): SeedProblem {
  const steps = Array.from({ length: n }, (_, i) => {
    const k = i + 1;
    return k % 7 === 0
      ? `Collecting what we have so far,\n$$\\sum_{j=1}^{${k}} \\frac{1}{j(j+1)} = 1 - \\frac{1}{${k + 1}} = \\frac{${k}}{${k + 1}}.$$`
      : `For $k = ${k}$ the term is $\\frac{1}{${k}\\cdot ${k + 1}} = \\frac{1}{${k}} - \\frac{1}{${k + 1}}$, so the partial sum grows to $\\frac{${k}}{${k + 1}}$${k % 5 === 0 ? ", which is still less than $1$ as it must be, since every partial sum of this telescoping series is bounded by its limit" : ""}.`;
  });
  steps.push("\\boxed{1}");
  return {
    statement: `Compute $\\displaystyle\\sum_{k=1}^{${n}} \\frac{1}{k(k+1)}$ by writing out every term.`,
    answer: `$\\frac{${n}}{${n + 1}}$`,
    reference: `The sum telescopes to $1 - \\frac{1}{${n + 1}} = \\frac{${n}}{${n + 1}}$.`,
    steps,
    wrong: Math.floor(n * 0.7),
    intervention: `The terms telescope: what remains after $k = ${Math.floor(n * 0.7)}$ is $1 - \\frac{1}{k+1}$. I keep the last fraction instead of rounding it away.`,
  };
}
